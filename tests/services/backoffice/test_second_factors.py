"""TOTP and recovery codes: offered to operators, never missing on a superadmin."""

import asyncio
import time
from secrets import token_hex

import pytest
from passlib.totp import TOTP
from pydantic import SecretStr

from acme_auth.second_factors import SecondFactors
from acme_config.settings import SecondFactorSettings
from tests.services.harness import PASSWORD, Api, Json, Platform

STEP_S = 30
ENOUGH_S = 5


def code(key: str, *, steps: int = 0) -> str:
    """What the app shows now, or some steps away: a step ahead or behind is still taken."""
    left = STEP_S - time.time() % STEP_S
    if steps < 0 and left < ENOUGH_S:
        time.sleep(left)  # else the code would be two steps old when it arrives
    shown: str = TOTP(key=key, format="base32").generate(time.time() + steps * STEP_S).token
    return shown


async def enable(operator: Api) -> tuple[str, list[str]]:
    """The key and the recovery codes. The code of the step before is used up by it."""
    setup = await operator.post("/me/totp")
    confirmed = await operator.post("/me/totp/confirm", {"code": code(setup["secret"], steps=-1)})
    return setup["secret"], confirmed["recovery_codes"]


async def login(platform: Platform, operator: Api, **more: object) -> tuple[int, Json]:
    body = {"email": operator.account["email"], "password": PASSWORD, **more}
    answer = await platform.backoffice.call("POST", "/auth/login", body)
    return answer.status_code, answer.json()


async def test_a_code_is_asked_for_once_it_is_confirmed_and_taken_once(platform: Platform) -> None:
    operator = await platform.new_operator()
    setup = await operator.post("/me/totp")
    assert setup["otpauth_uri"].startswith("otpauth://totp/Acme%20Photos:")
    assert "<svg" in setup["qr_svg"]
    assert (await login(platform, operator))[0] == 200, "not in force before it is confirmed"
    wrong = await operator.call("POST", "/me/totp/confirm", {"code": "000000"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "totp_code_mismatch")
    await operator.post("/me/totp/confirm", {"code": code(setup["secret"], steps=-1)})
    assert (await operator.get("/me"))["is_totp_enabled"]

    status, body = await login(platform, operator)
    assert (status, body["code"]) == (401, "totp_required")
    now = code(setup["secret"])
    assert (await login(platform, operator, totp_code=now))[0] == 200
    status, body = await login(platform, operator, totp_code=now)
    assert (status, body["code"]) == (401, "invalid_totp_code")


async def test_a_confirmed_key_is_not_replaced(platform: Platform) -> None:
    operator = await platform.new_operator()
    first = await operator.post("/me/totp")
    second = await operator.post("/me/totp")
    stale = await operator.call("POST", "/me/totp/confirm", {"code": code(first["secret"])})
    assert stale.json()["code"] == "totp_code_mismatch"
    await operator.post("/me/totp/confirm", {"code": code(second["secret"])})
    again = await operator.call("POST", "/me/totp")
    assert (again.status_code, again.json()["code"]) == (409, "totp_already_enabled")


async def test_recovery_codes_get_in_once_each_and_are_renewed(platform: Platform) -> None:
    operator = await platform.new_operator()
    _, codes = await enable(operator)
    assert len(set(codes)) == 10
    assert (await login(platform, operator, totp_code=codes[0].upper().replace("-", " ")))[0] == 200
    assert (await login(platform, operator, totp_code=codes[0]))[0] == 401
    renewed = (await operator.post("/me/totp/recovery-codes"))["recovery_codes"]
    assert (await login(platform, operator, totp_code=codes[1]))[0] == 401
    assert (await login(platform, operator, totp_code=renewed[1]))[0] == 200


async def test_of_twenty_sign_ins_with_one_recovery_code_one_gets_in(platform: Platform) -> None:
    operator = await platform.new_operator()
    _, codes = await enable(operator)
    answers = await asyncio.gather(
        *(login(platform, operator, totp_code=codes[3]) for _ in range(20)), return_exceptions=True
    )
    statuses = [answer[0] for answer in answers if not isinstance(answer, BaseException)]
    assert statuses.count(200) == 1


async def test_without_it_again_the_password_is_enough(platform: Platform) -> None:
    operator = await platform.new_operator()
    await enable(operator)
    assert (await operator.call("DELETE", "/me/totp")).status_code == 204
    assert (await login(platform, operator))[0] == 200
    again = await operator.call("DELETE", "/me/totp")
    assert (again.status_code, again.json()["code"]) == (404, "totp_not_enabled")


async def test_guessing_codes_locks_out_like_guessing_passwords(platform: Platform) -> None:
    operator = await platform.new_operator()
    await enable(operator)
    for _ in range(5):
        assert (await login(platform, operator, totp_code="123456"))[0] == 401
    status, body = await login(platform, operator, totp_code="123456")
    assert (status, body["code"]) == (429, "too_many_attempts")


async def test_a_superadmin_needs_the_code_from_the_start_and_cannot_drop_it(platform: Platform) -> None:
    admin = await platform.new_superadmin()
    body = {"email": admin.email, "password": PASSWORD}
    missing = await platform.backoffice.call("POST", "/auth/login", body)
    assert (missing.status_code, missing.json()["code"]) == (401, "totp_required")
    shown = {**body, "totp_code": code(admin.key)}
    assert (await platform.backoffice.post("/auth/login", shown))["account"]["role"] == "superadmin"
    dropped = await admin.api.call("DELETE", "/me/totp")
    assert (dropped.status_code, dropped.json()["code"]) == (403, "totp_mandatory")


async def test_a_superadmin_without_a_second_factor_does_not_get_in(platform: Platform) -> None:
    admin = await platform.new_superadmin()
    await platform.sql("DELETE FROM second_factors WHERE account_id = :id", id=admin.api.account["id"])
    body = {"email": admin.email, "password": PASSWORD}
    answer = await platform.backoffice.call("POST", "/auth/login", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "totp_mandatory")


async def test_the_key_lies_encrypted_and_the_codes_hashed(platform: Platform) -> None:
    operator = await platform.new_operator()
    key, codes = await enable(operator)
    account = operator.account["id"]
    ((stored,),) = await platform.sql(
        "SELECT encrypted_key FROM second_factors WHERE account_id = :i", i=account
    )
    hashes = await platform.sql("SELECT code_hash FROM recovery_codes WHERE account_id = :i", i=account)
    assert key not in stored
    assert not {code.replace("-", "") for code in codes} & {row[0] for row in hashes}


def test_keys_open_after_the_secret_was_rotated() -> None:
    old, new = SecretStr("o" * 32), SecretStr("n" * 32)
    before = SecondFactors(SecondFactorSettings(TOTP_SECRET=old))
    enrolment, stored = before.new_key("ann@example.com")
    after = SecondFactors(SecondFactorSettings(TOTP_SECRET=new, TOTP_PREVIOUS_SECRETS=[old]))
    assert after.matching_counter(stored, code(enrolment.key), -1) is not None
    with pytest.raises(KeyError):
        SecondFactors(SecondFactorSettings(TOTP_SECRET=new)).matching_counter(stored, "123456", -1)


async def test_one_password_for_two_roles_asks_which(platform: Platform) -> None:
    email = f"{token_hex(6)}@both.example.com"
    operator = await platform.new_operator(email=email)
    await operator.post("/photographers", {"name": "Both", "email": email, "password": PASSWORD})
    login = {"email": email, "password": PASSWORD}
    asked = await platform.backoffice.call("POST", "/auth/login", login)
    assert (asked.status_code, asked.json()["code"]) == (409, "role_required")
    for role in ("operator", "photographer"):
        session = await platform.backoffice.post("/auth/login", {**login, "role": role})
        assert session["account"]["role"] == role
