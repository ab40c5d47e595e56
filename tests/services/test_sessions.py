"""Where an account is signed in, and what it says of itself: on both services."""

import asyncio
from secrets import token_hex

import pytest
from pydantic import SecretStr

from acme_auth.principals import Audience
from acme_config.settings import RedisSettings
from acme_jobs.queue import connect_queue
from acme_standalone.processes.ports import free_port
from acme_web.lockout import FREE_FAILURES, Lockout, wait_s
from tests.services.harness import PASSWORD, Api, Platform
from tests.services.test_passwords import account

__all__ = ["account"]


async def test_sign_ins_are_listed_and_ended_one_by_one(account: tuple[Api, Api]) -> None:
    service, owner = account
    login = {"email": owner.account["email"], "password": PASSWORD}
    phone = await service.call("POST", "/auth/login", login, {"User-Agent": "Phone/1.0"})
    listed = (await owner.get("/me/sessions"))["items"]
    assert listed[0]["user_agent"] == "Phone/1.0"
    assert [item["is_current"] for item in listed] == [False, True]
    path = f"/me/sessions/{listed[0]['id']}"
    assert (await owner.call("DELETE", path)).status_code == 204
    ended = {"refresh_token": phone.json()["refresh_token"]}
    assert (await service.call("POST", "/auth/refresh", ended)).status_code == 401
    assert len((await owner.get("/me/sessions"))["items"]) == 1
    again = await owner.call("DELETE", path)
    assert (again.status_code, again.json()["code"]) == (404, "session_not_found")


async def test_nobody_ends_the_sessions_of_others(platform: Platform) -> None:
    guest, stranger = await platform.new_guest(), await platform.new_guest()
    (own,) = (await guest.get("/me/sessions"))["items"]
    answer = await stranger.call("DELETE", f"/me/sessions/{own['id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "session_not_found")


async def test_accounts_change_what_is_theirs(platform: Platform) -> None:
    operator = await platform.new_operator()
    changed = await operator.call("PATCH", "/me", {"currency": "JPY", "timezone": "Asia/Tokyo"})
    assert (changed.json()["currency"], changed.json()["timezone"]) == ("JPY", "Asia/Tokyo")
    photographer = await platform.new_photographer(operator)
    refused = await photographer.call("PATCH", "/me", {"currency": "JPY"})
    assert (refused.status_code, refused.json()["code"]) == (422, "field_of_another_role")
    guest = await platform.new_guest()
    moved = await guest.call("PATCH", "/me", {"address": "Ring 1, Vienna", "billing_address": None})
    assert moved.json()["address"] == "Ring 1, Vienna"


@pytest.mark.parametrize("body", [{"email": "new@example.com"}, {"name": ""}, {"name": None}, {"id": "1"}])
async def test_what_is_not_theirs_to_change_is_refused(account: tuple[Api, Api], body: object) -> None:
    _, owner = account
    assert (await owner.call("PATCH", "/me", body)).status_code == 422


async def test_guessing_gets_slower_and_the_right_password_waits_too(account: tuple[Api, Api]) -> None:
    service, owner = account
    email = owner.account["email"]
    for _ in range(FREE_FAILURES):
        wrong = await service.call("POST", "/auth/login", {"email": email, "password": "wrong"})
        assert wrong.status_code == 401
    refused = await service.call("POST", "/auth/login", {"email": email, "password": PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert 1 <= int(refused.headers["Retry-After"]) <= 3
    await asyncio.sleep(2.1)
    session = await service.post("/auth/login", {"email": email, "password": PASSWORD})
    assert session["account"]["email"] == email
    again = await service.call("POST", "/auth/login", {"email": email, "password": "wrong"})
    assert again.status_code == 401


async def test_an_unknown_address_waits_like_a_known_one(platform: Platform) -> None:
    body = {"email": f"{token_hex(6)}@example.com", "password": "wrong"}
    statuses = [(await platform.main.call("POST", "/auth/login", body)).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]


def test_the_wait_doubles_to_its_limit() -> None:
    assert [wait_s(failures) for failures in (4, 5, 6, 7, 50)] == [0, 2, 4, 8, 900]


async def test_without_redis_nobody_is_locked_out(redis_url: str) -> None:
    async with await connect_queue(RedisSettings(REDIS_URL=SecretStr(redis_url))) as redis:
        lockout = Lockout(redis, Audience.MAIN, "ann@example.com")
        redis.connection_pool.connection_kwargs |= {"port": free_port(), "host": "127.0.0.1"}
        await redis.connection_pool.disconnect()
        await lockout.failed()
        await lockout.require_open()
        await lockout.succeeded()
