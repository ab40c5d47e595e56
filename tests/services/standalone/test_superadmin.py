"""`acme createsuperadmin`, as it is typed."""

import re
import subprocess
import sys
import time
from secrets import token_hex

import pytest
from passlib.totp import TOTP

from tests.services.harness import PASSWORD, Platform


def create(email: str, password: str = PASSWORD) -> subprocess.CompletedProcess[str]:
    options = ("--email", email, "--name", "Ada", "--password-stdin")
    return subprocess.run(
        [sys.executable, "-m", "acme_standalone", "createsuperadmin", *options],
        input=f"{password}\n",
        capture_output=True,
        text=True,
        check=False,
    )


async def test_the_account_signs_in_with_the_key_and_with_a_recovery_code(platform: Platform) -> None:
    email = f"{token_hex(6)}@admin.example.com"
    made = create(email)
    assert made.returncode == 0, made.stderr
    body = {"email": email, "password": PASSWORD}
    refused = await platform.backoffice.call("POST", "/auth/login", body)
    assert refused.json()["code"] == "totp_required"
    key = re.findall(r"Key: (\S+)", made.stdout)[0]
    shown = TOTP(key=key, format="base32").generate(time.time()).token
    session = await platform.backoffice.post("/auth/login", {**body, "totp_code": shown})
    assert session["account"]["role"] == "superadmin"
    codes = made.stdout.partition("Recovery codes")[2].split("\n")[1:]
    await platform.backoffice.post("/auth/login", {**body, "totp_code": codes[0].strip()})
    (row,) = await platform.sql(
        "SELECT count(*) FROM audit_events WHERE action = 'admin.superadmin_created' AND subject_id = :id",
        id=session["account"]["id"],
    )
    assert row.count == 1


@pytest.mark.parametrize(
    ("email", "password", "reason"),
    [("no address", PASSWORD, "email: "), ("ada@admin.example.com", "short", "password: ")],
)
async def test_the_rules_of_every_account_hold(
    platform: Platform, email: str, password: str, reason: str
) -> None:
    refused = create(email, password)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(reason)


async def test_an_address_is_taken_once(platform: Platform) -> None:
    taken = (await platform.new_superadmin()).email
    refused = create(taken)
    assert refused.returncode == 1
    assert "email" in refused.stderr.lower()
