from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import InvalidToken
from pydantic import SecretStr

from acme_config.settings import WebhookSettings
from acme_webhooks.messages import body_of
from acme_webhooks.schedule import DELAYS, delay_after
from acme_webhooks.secrets import SecretBox, signature

OLD, NEW = "the old secret of more than 32 bytes", "the new secret of more than 32 bytes"


def box(secret: str, *previous: str) -> SecretBox:
    return SecretBox(
        WebhookSettings(
            WEBHOOK_SECRET=SecretStr(secret),
            WEBHOOK_PREVIOUS_SECRETS=[SecretStr(text) for text in previous],
        )
    )


def test_a_secret_survives_a_change_of_the_platforms_own() -> None:
    secret, stored = box(OLD).new_secret()
    assert box(NEW, OLD).opened(stored) == secret
    with pytest.raises(InvalidToken):
        box(NEW).opened(stored)


def test_a_signature_is_the_one_of_the_specification() -> None:
    """The example of the reference libraries."""
    at = datetime.fromtimestamp(1614265330, UTC)
    signed = signature(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}'
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_is_the_same_text_each_time() -> None:
    at = datetime(2026, 11, 26, 10, 0, 0, 250_000, tzinfo=UTC)
    body = '{"data":{"a":1,"b":"ü"},"timestamp":"2026-11-26T10:00:00.250000Z","type":"photo.ready"}'
    assert (
        body_of("photo.ready", at, {"b": "ü", "a": 1})
        == body_of("photo.ready", at, {"a": 1, "b": "ü"})
        == body
    )


def test_tries_are_spread_over_days_and_then_end() -> None:
    for tries, planned in enumerate(DELAYS, start=1):
        delay = delay_after(tries)
        assert delay is not None
        assert planned <= delay <= planned * 1.2
    assert delay_after(len(DELAYS) + 1) is None
    assert sum(DELAYS, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


@pytest.mark.parametrize(("asked_s", "least", "most"), [(0.0, 5, 6), (60.0, 60, 60), (1e9, 86_400, 86_400)])
def test_more_time_is_given_when_asked_for_but_not_for_ever(asked_s: float, least: int, most: int) -> None:
    delay = delay_after(1, asked_s)
    assert delay is not None
    assert least <= delay.total_seconds() <= most
