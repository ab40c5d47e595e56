"""Forgotten passwords, on both services that have accounts, and the guest's address."""

import pytest

from tests.services.harness import PASSWORD, Api, Platform, mailed_text

NEW = "another battery staple"


@pytest.fixture(params=["operator", "guest"])
async def account(request: pytest.FixtureRequest, platform: Platform) -> tuple[Api, Api]:
    """The service, and somebody signed in to it."""
    if request.param == "operator":
        return platform.backoffice, await platform.new_operator()
    return platform.main, await platform.new_guest()


def token_in(text: str) -> str:
    return text.partition("#")[2].split()[0]


async def test_a_forgotten_password_is_replaced_by_mail_and_ends_all_sessions(
    platform: Platform, account: tuple[Api, Api]
) -> None:
    service, owner = account
    email = owner.account["email"]
    session = await service.post("/auth/login", {"email": email, "password": PASSWORD})
    await platform.jobs.run()
    answer = await service.call("POST", "/auth/password/forgot", {"email": email.upper()})
    assert answer.status_code == 202
    await platform.jobs.run()
    body = {"token": token_in(mailed_text(email)), "password": NEW}
    assert (await service.call("POST", "/auth/password/reset", body)).status_code == 204
    old = await service.call("POST", "/auth/login", {"email": email, "password": PASSWORD})
    assert old.status_code == 401
    await service.post("/auth/login", {"email": email, "password": NEW})
    ended = await service.call("POST", "/auth/refresh", {"refresh_token": session["refresh_token"]})
    assert ended.status_code == 401
    again = await service.call("POST", "/auth/password/reset", body)
    assert (again.status_code, again.json()["code"]) == (422, "invalid_one_time_token")


async def test_an_unknown_address_is_answered_the_same_and_gets_no_mail(
    platform: Platform, account: tuple[Api, Api]
) -> None:
    service, owner = account
    known = await service.call("POST", "/auth/password/forgot", {"email": owner.account["email"]})
    before = await platform.sql("SELECT count(*) FROM outbox_jobs")
    unknown = await service.call("POST", "/auth/password/forgot", {"email": "nobody@example.com"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert await platform.sql("SELECT count(*) FROM outbox_jobs") == before


async def test_two_requests_at_once_send_one_mail(platform: Platform, account: tuple[Api, Api]) -> None:
    service, owner = account
    await platform.jobs.run()
    for _ in range(3):
        await service.call("POST", "/auth/password/forgot", {"email": owner.account["email"]})
    assert await platform.jobs.run() == 1


async def test_a_made_up_token_changes_nothing(account: tuple[Api, Api]) -> None:
    service, _ = account
    told = {"ott_made_up": "invalid_one_time_token", "": "validation_failed", "a\0b": "validation_failed"}
    for token, code in told.items():
        body = {"token": token, "password": NEW}
        answer = await service.call("POST", "/auth/password/reset", body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_an_expired_token_is_refused(platform: Platform) -> None:
    guest = await platform.new_guest()
    await platform.jobs.run()
    token = token_in(mailed_text(guest.account["email"]))
    await platform.sql(
        "UPDATE one_time_tokens SET expires_at = now() WHERE account_id = :id", id=guest.account["id"]
    )
    answer = await platform.main.call("POST", "/auth/email/verify", {"token": token})
    assert answer.status_code == 422


async def test_a_guest_verifies_the_address_once(platform: Platform) -> None:
    guest = await platform.new_guest()
    assert (await guest.get("/me"))["email_verified_at"] is None
    await platform.jobs.run()
    token = token_in(mailed_text(guest.account["email"]))
    wrong_use = await platform.main.call("POST", "/auth/password/reset", {"token": token, "password": NEW})
    assert wrong_use.status_code == 422
    assert (await platform.main.call("POST", "/auth/email/verify", {"token": token})).status_code == 204
    assert (await guest.get("/me"))["email_verified_at"] is not None
    assert (await platform.main.call("POST", "/auth/email/verify", {"token": token})).status_code == 422
