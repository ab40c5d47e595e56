"""Limits as a deployment has them: the tests' own apps have none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_hex

import httpx
import pytest
from asgi_lifespan import LifespanManager

from acme_main.app import create_app as create_main
from acme_main.settings import MainSettings
from acme_media.app import create_app as create_media
from acme_media.settings import MediaSettings
from acme_standalone.processes.ports import free_port
from tests.services.harness import PASSWORD, Api, Platform
from tests.services.main.test_consents import consent

WRONG = "not the password"


@asynccontextmanager
async def limited(platform: Platform, **limits: str) -> AsyncIterator["Hall"]:
    """The guests' services with these limits, each time as if never asked before."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in limits.items():
            patch.setenv(name, value)
        main, media = create_main(MainSettings()), create_media(MediaSettings())
        async with LifespanManager(main), LifespanManager(media):
            yield Hall(main, media)


class Hall:
    """Everybody in it has one address; another hall has another."""

    def __init__(self, main: object, media: object) -> None:
        self._apps = {"main": main, "media": media}
        self._address = f"10.{int(token_hex(1), 16)}.{int(token_hex(1), 16)}.1"

    def api(self, service: str = "main", address: str | None = None) -> Api:
        peer = (address or self._address, 1)
        transport = httpx.ASGITransport(self._apps[service], client=peer)  # type: ignore[arg-type] # as httpx has it
        return Api(httpx.AsyncClient(transport=transport, base_url="http://testserver"))


def registration() -> dict[str, str]:
    return {"name": "Guest", "email": f"{token_hex(6)}@guest.example.com", "password": PASSWORD}


async def codes(api: Api, path: str, bodies: list[dict[str, str]]) -> list[str | int]:
    answers = [await api.call("POST", path, body) for body in bodies]
    return [answer.json()["code"] if answer.status_code >= 400 else answer.status_code for answer in answers]


def refused(answer: httpx.Response, longest_s: int) -> bool:
    told = (answer.status_code, answer.json()["code"], answer.headers["content-type"])
    assert told == (429, "too_many_requests", "application/problem+json")
    return 1 <= int(answer.headers["Retry-After"]) <= longest_s


async def test_failures_of_one_account_are_counted_for_each_address(platform: Platform) -> None:
    async with limited(platform, LOGIN_FAILURES_PER_ACCOUNT="3/15minutes") as hall:
        account = (await platform.new_guest()).account["email"]
        login = {"email": account, "password": WRONG}
        assert await codes(hall.api(), "/auth/login", [login] * 3) == ["invalid_credentials"] * 3
        right = {**login, "password": PASSWORD}
        assert refused(await hall.api().call("POST", "/auth/login", right), 900)
        upper = {**right, "email": account.upper()}
        assert refused(await hall.api().call("POST", "/auth/login", upper), 900)
        assert (await hall.api(address="10.9.9.9").call("POST", "/auth/login", right)).status_code == 200


async def test_success_is_never_counted(platform: Platform) -> None:
    async with limited(platform, LOGIN_FAILURES_PER_ADDRESS="2/15minutes") as hall:
        guests = [await platform.new_guest() for _ in range(6)]
        logins = [{"email": guest.account["email"], "password": PASSWORD} for guest in guests]
        assert await codes(hall.api(), "/auth/login", logins) == [200] * 6
        wrong = [{**login, "password": WRONG} for login in logins[:2]]
        assert await codes(hall.api(), "/auth/login", wrong) == ["invalid_credentials"] * 2
        assert refused(await hall.api().call("POST", "/auth/login", logins[3]), 900)


async def test_a_hall_of_two_hundred_registers_and_signs_in_with_the_defaults(platform: Platform) -> None:
    defaults = dict.fromkeys(("REGISTRATIONS_PER_ADDRESS", "LOGIN_FAILURES_PER_ADDRESS"), "")
    async with limited(platform, **defaults) as hall:
        guests = [registration() for _ in range(200)]
        assert await codes(hall.api(), "/auth/register", guests) == [201] * 200
        mistyped = [{"email": guest["email"], "password": WRONG} for guest in guests]
        assert await codes(hall.api(), "/auth/login", mistyped) == ["invalid_credentials"] * 200
        again = [{"email": guest["email"], "password": PASSWORD} for guest in guests]
        assert await codes(hall.api(), "/auth/login", again) == [200] * 200


async def test_registrations_of_one_address_end_somewhere(platform: Platform) -> None:
    async with limited(platform, REGISTRATIONS_PER_ADDRESS="2/10minutes") as hall:
        assert await codes(hall.api(), "/auth/register", [registration(), registration()]) == [201, 201]
        assert refused(await hall.api().call("POST", "/auth/register", registration()), 600)
        assert (await hall.api(address="10.9.9.8").call("POST", "/auth/register", registration())).is_success


async def test_mails_for_forgotten_passwords_are_limited_known_or_not(platform: Platform) -> None:
    async with limited(platform, RESETS_PER_ACCOUNT="2/hour") as hall:
        known = {"email": (await platform.new_guest()).account["email"]}
        unknown = {"email": f"{token_hex(6)}@nobody.example.com"}
        for body in (known, unknown):
            answers = [await hall.api().call("POST", "/auth/password/forgot", body) for _ in range(3)]
            assert [answer.status_code for answer in answers] == [202, 202, 429]
            assert refused(answers[2], 3600)


async def test_reset_tokens_cannot_be_tried_for_ever(platform: Platform) -> None:
    async with limited(platform, RESETS_PER_ADDRESS="2/10minutes") as hall:
        guess = {"token": "ott_guess", "password": PASSWORD}
        told = await codes(hall.api(), "/auth/password/reset", [guess] * 3)
        assert told == ["invalid_one_time_token"] * 2 + ["too_many_requests"]


async def test_codes_and_selfies_are_limited_by_account(platform: Platform) -> None:
    async with limited(platform, JOINS_PER_ACCOUNT="2/10minutes", SELFIES_PER_ACCOUNT="2/hour") as hall:
        guest = hall.api().as_(await hall.api().post("/auth/register", registration()))
        guesses = [{"token": token_hex(8)} for _ in range(3)]
        told = await codes(guest, "/projects/join", guesses)
        assert told == ["qr_token_not_found"] * 2 + ["too_many_requests"]
        version = (await guest.get("/consents/documents/biometric_processing"))["version"]
        await guest.post("/consents", {"consent_type": "biometric_processing", "consent_version": version})
        sender = hall.api("media").as_(await guest.post("/auth/media-token", {}))
        for _ in range(2):
            await sender.post("/selfie/upload-url", {"content_type": "image/jpeg", "size_bytes": 1000})
        wish = {"content_type": "image/jpeg", "size_bytes": 1000}
        assert refused(await sender.call("POST", "/selfie/upload-url", wish), 3600)
        other = hall.api().as_(await hall.api().post("/auth/register", registration()))
        assert await codes(other, "/projects/join", guesses[:1]) == ["qr_token_not_found"]


async def test_selfies_of_an_event_are_limited_together(platform: Platform) -> None:
    event, wish = await platform.new_event(), {"content_type": "image/jpeg", "size_bytes": 1000}
    async with limited(platform, SELFIES_PER_EVENT="2/hour") as hall:
        senders = []
        for _ in range(3):
            guest = await event.new_member()
            await consent(platform, guest)
            senders.append(hall.api("media").as_(await guest.post("/auth/media-token", {})))
        answers = [await sender.call("POST", "/selfie/upload-url", wish) for sender in senders]
        assert [answer.status_code for answer in answers] == [201, 201, 429]
        assert refused(answers[2], 3600)
        outsider = await platform.new_guest()
        await consent(platform, outsider)
        elsewhere = hall.api("media").as_(await outsider.post("/auth/media-token", {}))
        assert (await elsewhere.call("POST", "/selfie/upload-url", wish)).status_code == 201


async def test_without_redis_everybody_is_let_in(platform: Platform) -> None:
    async with limited(platform, REGISTRATIONS_PER_ADDRESS="1/10minutes") as hall:
        main = hall._apps["main"]
        pool = main.state.limits.limiter.storage.bridge.storage.connection_pool  # type: ignore[attr-defined] # a fault
        await pool.disconnect()
        pool.connection_kwargs["port"] = free_port()
        assert await codes(hall.api(), "/auth/register", [registration(), registration()]) == [201, 201]
