from secrets import token_hex

import pytest

from acme_auth.account_errors import EmailTaken
from tests.services.harness import Json, Platform

PASSWORD = "correct horse battery"


async def test_operator_registers_and_is_signed_in(platform: Platform) -> None:
    email = f"{token_hex(6)}@example.com"
    body = {"name": "Ada", "email": email.upper(), "password": PASSWORD, "currency": "JPY"}
    answer = await platform.backoffice.call("POST", "/auth/register", body)
    assert answer.status_code == 201
    session = answer.json()
    assert session["token_type"] == "Bearer"
    assert session["expires_in"] == 900
    assert session["account"]["email"] == email
    assert session["account"]["currency"] == "JPY"
    me = await platform.backoffice.as_(session).get("/me")
    assert (me["role"], me["id"]) == ("operator", session["account"]["id"])


async def test_an_address_is_taken_once_whatever_its_case(platform: Platform) -> None:
    operator = await platform.new_operator()
    body = {"name": "Eve", "email": operator.account["email"].upper(), "password": PASSWORD}
    answer = await platform.backoffice.call("POST", "/auth/register", body)
    assert (answer.status_code, answer.json()["code"]) == (409, EmailTaken.code)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "change",
    [
        {"password": "x" * 73},
        {"password": "short"},
        {"email": "no address"},
        {"name": " "},
        {"name": "a\0b"},
        {"name": "two\nlines"},
        {"timezone": "Mars/Olympus"},
        {"currency": "euro"},
        {"unknown": 1},
    ],
)
async def test_bad_sign_ups_are_validation_errors(platform: Platform, change: Json) -> None:
    body = {"name": "Ada", "email": f"{token_hex(6)}@example.com", "password": PASSWORD, **change}
    answer = await platform.backoffice.call("POST", "/auth/register", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert answer.json()["errors"][0]["loc"][0] == "body"


@pytest.mark.parametrize("password", ["wrong", "x" * 100, "", "nul\0"])
async def test_a_wrong_password_is_a_failed_sign_in(platform: Platform, password: str) -> None:
    operator = await platform.new_operator()
    body = {"email": operator.account["email"], "password": password}
    answer = await platform.backoffice.call("POST", "/auth/login", body)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


async def test_an_unknown_address_is_answered_like_a_wrong_password(platform: Platform) -> None:
    body = {"email": "nobody@example.com", "password": PASSWORD}
    answer = await platform.backoffice.call("POST", "/auth/login", body)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


async def test_an_address_of_two_roles_needs_the_role_only_after_the_password(platform: Platform) -> None:
    operator = await platform.new_operator()
    email = operator.account["email"]
    await operator.post("/photographers", {"name": "Same", "email": email, "password": PASSWORD})
    login = {"email": email, "password": PASSWORD}
    ambiguous = await platform.backoffice.call("POST", "/auth/login", login)
    assert (ambiguous.status_code, ambiguous.json()["code"]) == (409, "role_required")
    wrong = await platform.backoffice.call("POST", "/auth/login", {**login, "password": "wrong"})
    assert wrong.status_code == 401
    session = await platform.backoffice.post("/auth/login", {**login, "role": "photographer"})
    assert session["account"]["role"] == "photographer"


async def test_refresh_rotates_and_a_reused_token_ends_the_family(platform: Platform) -> None:
    operator = {"name": "Ada", "email": f"{token_hex(6)}@example.com", "password": PASSWORD}
    first = await platform.backoffice.post("/auth/register", operator)
    second = await platform.backoffice.post("/auth/refresh", {"refresh_token": first["refresh_token"]})
    assert second["refresh_token"] != first["refresh_token"]
    reused = await platform.backoffice.call(
        "POST", "/auth/refresh", {"refresh_token": first["refresh_token"]}
    )
    assert (reused.status_code, reused.json()["code"]) == (401, "invalid_refresh_token")
    after = await platform.backoffice.call(
        "POST", "/auth/refresh", {"refresh_token": second["refresh_token"]}
    )
    assert after.status_code == 401


async def test_a_browser_keeps_its_refresh_token_in_the_cookie_only(platform: Platform) -> None:
    login = {"name": "Ada", "email": f"{token_hex(6)}@example.com", "password": PASSWORD}
    cookie = {"X-Session": "cookie"}
    answer = await platform.backoffice.call("POST", "/auth/register", login, cookie)
    assert answer.json()["refresh_token"] is None
    stored = answer.headers["set-cookie"]
    assert "HttpOnly" in stored
    assert "SameSite=strict" in stored
    held = stored.partition(";")[0]
    without_header = await platform.backoffice.call("POST", "/auth/refresh", {}, {"Cookie": held})
    assert without_header.status_code == 401
    with_header = await platform.backoffice.call("POST", "/auth/refresh", {}, {"Cookie": held, **cookie})
    assert with_header.status_code == 200


async def test_logout_ends_the_session(platform: Platform) -> None:
    login = {"name": "Ada", "email": f"{token_hex(6)}@example.com", "password": PASSWORD}
    session = await platform.backoffice.post("/auth/register", login)
    token = {"refresh_token": session["refresh_token"]}
    assert (await platform.backoffice.call("POST", "/auth/logout", token)).status_code == 204
    assert (await platform.backoffice.call("POST", "/auth/refresh", token)).status_code == 401


async def test_a_refresh_token_of_guests_is_nothing_here(platform: Platform) -> None:
    body = {"name": "Guest", "email": f"{token_hex(6)}@example.com", "password": PASSWORD}
    session = await platform.main.post("/auth/register", body)
    answer = await platform.backoffice.call(
        "POST", "/auth/refresh", {"refresh_token": session["refresh_token"]}
    )
    assert answer.status_code == 401


@pytest.mark.parametrize("domain", ["example.com", "acme.test", "münchen.example"])
async def test_an_address_need_not_be_deliverable_today(platform: Platform, domain: str) -> None:
    body = {"name": "Ada", "email": f"{token_hex(6)}@{domain}", "password": PASSWORD}
    assert (await platform.backoffice.call("POST", "/auth/register", body)).status_code == 201
