"""What strangers try at the doors: other hosts, deep bodies, old keys, known and unknown addresses."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import event

from acme_auth.passwords import PasswordHasher
from acme_auth.principals import Audience, Role
from acme_auth.tokens import InvalidToken, TokenService
from acme_config.settings import TokenSettings
from tests.services.harness import PASSWORD, Api, Platform

SERVICES = ("backoffice", "main", "media")
OLD, NEW = "an-old-secret-of-more-than-32-bytes!", "the-new-secret-of-more-than-32-bytes"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def tokens(secret: str, *previous: str) -> TokenService:
    kept = [SecretStr(value) for value in previous]
    return TokenService(
        TokenSettings().model_copy(update={"secret": SecretStr(secret), "previous_secrets": kept})
    )


def test_a_rotated_key_logs_nobody_out_until_it_is_dropped() -> None:
    main = frozenset({Audience.MAIN})
    account = uuid4()
    held = tokens(OLD).issue_access(Audience.MAIN, Role.USER, account, uuid4()).value
    rotated = tokens(NEW, OLD)
    assert rotated.verify(held, main).account_id == account
    fresh = rotated.issue_access(Audience.MAIN, Role.USER, account, uuid4()).value
    assert tokens(NEW).verify(fresh, main).account_id == account
    with pytest.raises(InvalidToken):
        tokens(OLD).verify(fresh, main)
    with pytest.raises(InvalidToken):
        tokens(NEW).verify(held, main)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "path", ["/v1/me/", "/v1/projects/", "//evil.example/", "/v1/selfie/", "/health/live/"]
)
async def test_no_service_sends_anybody_elsewhere(platform: Platform, service: str, path: str) -> None:
    http: httpx.AsyncClient = getattr(platform, service).http
    answer = await http.get(f"http://testserver{path}", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")
    assert "location" not in answer.headers


@pytest.mark.parametrize("service", SERVICES)
async def test_every_kind_of_answer_has_the_security_headers(platform: Platform, service: str) -> None:
    http: httpx.AsyncClient = getattr(platform, service).http
    large = b'{"a":"' + b"x" * 1_100_000 + b'"}'
    answers = [
        await http.get("/health/live"),
        await http.get("/v1/nothing"),
        await http.post("/v1/auth/login", content=large),
        await http.put("/health/live"),
        await http.get("/v1/me", headers={"Authorization": "Bearer x.y.z"}),
    ]
    assert len({answer.status_code for answer in answers}) >= 4
    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("depth", [500, 5_000, 50_000])
@pytest.mark.parametrize("shape", ["[]", '{"a":}'])
async def test_a_deep_body_is_refused_and_crashes_nothing(platform: Platform, depth: int, shape: str) -> None:
    """Closed as it should be: only its depth is wrong."""
    middle = len(shape) - 1
    nested = shape[:middle] * depth + "1" + shape[middle:] * depth
    for body in (nested, f'{{"name": {nested}}}', f'{{"email": {nested}, "password": "x"}}'):
        for path in ("/v1/auth/register", "/v1/auth/login", "/v1/auth/password/forgot"):
            answer = await platform.main.http.post(
                path, content=body, headers={"Content-Type": "application/json"}
            )
            assert answer.status_code in {400, 422}


@pytest.mark.parametrize("path", ["/auth/login", "/auth/password/forgot"])
@pytest.mark.parametrize("body", [None, b"", b"{", b"\xff", b"[]", b'{"email": 5}'])
async def test_what_limits_look_into_may_be_no_body_at_all(
    platform: Platform, path: str, body: bytes | None
) -> None:
    for service in (platform.backoffice, platform.main):
        for kind in ({}, {"Content-Type": "application/json"}):
            answer = await service.http.post(f"/v1{path}", content=body, headers=kind)
            assert answer.status_code in {400, 422}


async def test_a_project_link_is_shown_and_never_fetched(platform: Platform) -> None:
    reached: list[bytes] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.append(await reader.read(100))
        writer.close()

    server = await asyncio.start_server(note, "127.0.0.1", 0)
    async with server:
        link = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/latest/meta-data/"
        happening = await platform.new_event(project_link=link)
        guest = await happening.new_member()
        token = (await happening.new_token())["token"]
        assert (await platform.main.get(f"/qr/{token}"))["project_link"] == link
        await guest.get(f"/projects/{happening.project_id}")
        await platform.jobs.run()
    assert reached == []


@contextmanager
def counted(platform: Platform, service: str) -> Iterator[list[str]]:
    """What is dear and can be timed: bcrypt, and statements by their first words."""
    done: list[str] = []
    hasher: PasswordHasher = platform.apps[service].state.auth.passwords
    run = hasher._run

    async def noted(call: object) -> object:
        done.append("bcrypt")
        return await run(call)  # type: ignore[arg-type] # passed on

    def statement(*arguments: object) -> None:
        done.append(" ".join(str(arguments[2]).split()[:3]))

    engine = platform.apps[service].state.data.engine.sync_engine
    event.listen(engine, "before_cursor_execute", statement)
    hasher._run = noted  # type: ignore[method-assign, assignment] # counts, and does the same
    try:
        yield done
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        hasher._run = run  # type: ignore[method-assign] # as it was


async def failing(platform: Platform, service: str, email: str) -> tuple[int, str, list[str]]:
    api: Api = getattr(platform, service)
    with counted(platform, service) as done:
        answer = await api.call("POST", "/auth/login", {"email": email, "password": "not the password"})
    return answer.status_code, answer.json()["code"], list(done)


@pytest.mark.parametrize("service", ["backoffice", "main"])
async def test_a_failed_sign_in_costs_the_same_for_known_and_unknown(
    platform: Platform, service: str
) -> None:
    owner = await platform.new_operator() if service == "backoffice" else await platform.new_guest()
    await failing(platform, service, "warm@nobody.example.com")
    known = await failing(platform, service, owner.account["email"])
    unknown = await failing(platform, service, f"{uuid4().hex}@nobody.example.com")
    assert known == unknown
    assert known[:2] == (401, "invalid_credentials")
    assert known[2].count("bcrypt") == 1


async def test_a_taken_address_costs_a_registration_the_same_hash(platform: Platform) -> None:
    """That an address is taken is told by the code, as the contract has it, and not by the time."""
    owner = await platform.new_guest()
    body = {"name": "Guest", "email": owner.account["email"], "password": PASSWORD}
    with counted(platform, "main") as done:
        answer = await platform.main.call("POST", "/auth/register", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    assert done.count("bcrypt") == 1
