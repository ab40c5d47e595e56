"""What is kept of verified tokens lets nobody in who would be kept out without it."""

import time
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

import pytest

from acme_auth import tokens as module
from acme_auth.principals import Audience, Principal, Role
from acme_auth.tokens import InvalidToken, TokenExpired, TokenService, WrongAudience
from acme_config.settings import TokenSettings

MAIN = frozenset({Audience.MAIN})


@pytest.fixture
def service() -> TokenService:
    return TokenService(TokenSettings())


def issued(service: TokenService) -> str:
    return service.issue_access(Audience.MAIN, Role.USER, uuid4(), uuid4()).value


def test_a_kept_token_is_the_same_caller(service: TokenService) -> None:
    token = issued(service)
    assert (
        service.verify(token, MAIN)
        == service.verify(token, MAIN)
        == TokenService(TokenSettings()).verify(token, MAIN)
    )


def test_a_kept_token_is_of_its_audience_only(service: TokenService) -> None:
    token = issued(service)
    service.verify(token, MAIN)
    with pytest.raises(WrongAudience):
        service.verify(token, frozenset({Audience.BACKOFFICE}))


def test_a_kept_token_expires(service: TokenService, monkeypatch: pytest.MonkeyPatch) -> None:
    """Issued an hour ago and kept since: good until a second ago, then looked at again."""
    now = time.time()
    monkeypatch.setattr("time.time", partial(float, now - 3600))
    token = issued(service)
    expires_at = datetime.fromtimestamp(now - 1, UTC)
    known = Principal(uuid4(), Role.USER, Audience.MAIN, "jti", expires_at)
    service._verified[token] = known
    assert service.verify(token, MAIN) is known
    monkeypatch.setattr("time.time", partial(float, now))
    with pytest.raises(TokenExpired):
        service.verify(token, MAIN)


def test_what_differs_by_a_letter_is_another_token(service: TokenService) -> None:
    token = issued(service)
    service.verify(token, MAIN)
    with pytest.raises(InvalidToken):
        service.verify(token[:-2] + ("A" if token[-2] != "A" else "Q") + token[-1], MAIN)


def test_what_is_kept_is_bounded(service: TokenService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_TOKENS", 10)
    for _ in range(25):
        service.verify(issued(service), MAIN)
        assert len(service._verified) <= 10
