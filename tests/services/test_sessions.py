"""Where an account is signed in, and what it says of itself: on both services."""

import pytest

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
