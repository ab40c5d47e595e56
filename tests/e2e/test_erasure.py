"""Erasure on the running platform, by its own workers: complete within a minute, and provably so."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import httpx
import pytest

from acme_standalone.demo.scenes import Person, write_selfie
from tests.e2e.running import Running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

PASSWORD = "correct horse battery"
WITHIN_S = 60
Json = dict[str, str]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    platform = Running(tmp_path / "data")
    platform.settings()
    yield platform
    platform.stop()


def guest_with_selfie(main: httpx.Client, media: httpx.Client, selfie: bytes) -> Json:
    email = f"{token_hex(6)}@guest.example.com"
    body = {"name": "Robin", "email": email, "password": PASSWORD}
    session = main.post("/v1/auth/register", json=body).raise_for_status().json()
    main.headers["Authorization"] = f"Bearer {session['access_token']}"
    document = main.get("/v1/consents/documents/biometric_processing").json()
    given = {"consent_type": "biometric_processing", "consent_version": document["version"]}
    main.post("/v1/consents", json=given).raise_for_status()
    token = main.post("/v1/auth/media-token").raise_for_status().json()["access_token"]
    media.headers["Authorization"] = f"Bearer {token}"
    wish = {"content_type": "image/jpeg", "size_bytes": len(selfie)}
    issued = media.post("/v1/selfie/upload-url", json=wish).raise_for_status().json()
    upload = issued["upload"]
    httpx.put(upload["url"], content=selfie, headers=upload["headers"]).raise_for_status()
    media.post(f"/v1/selfie/{issued['selfie_id']}/complete").raise_for_status()
    until = time.monotonic() + 120
    while (state := media.get("/v1/selfie").json()["status"]) == "pending" and time.monotonic() < until:
        time.sleep(0.5)
    assert state == "approved"
    account: Json = session["account"]
    return account


def test_an_account_is_erased_within_a_minute_with_a_receipt_that_the_command_accepts(
    running: Running, tmp_path: Path
) -> None:
    settings = running.settings()
    selfie = write_selfie(tmp_path, Person.GRACE).read_bytes()
    with (
        httpx.Client(base_url=settings["MAIN_API_URL"], timeout=30) as main,
        httpx.Client(base_url=settings["MEDIA_API_URL"], timeout=30) as media,
    ):
        guest_with_selfie(main, media, selfie)
        asked_at = time.monotonic()
        receipt = main.delete("/v1/me").raise_for_status().json()
        path = f"/v1/consents/receipts/{receipt['receipt_id']}/document"
        while (answer := main.get(path)).status_code == 409 and time.monotonic() < asked_at + WITHIN_S:
            time.sleep(0.2)
    assert answer.status_code == 200, answer.text
    assert time.monotonic() - asked_at < WITHIN_S
    erased = {item["what"]: item["count"] for item in answer.json()["receipt"]["erased"]}
    assert (erased["selfies"], erased["templates"], erased["objects"], erased["account"]) == (1, 1, 2, 1)
    file = tmp_path / "receipt.json"
    file.write_bytes(answer.content)
    command = [sys.executable, "-m", "acme_standalone", "receipt", "verify", str(file)]
    verified = subprocess.run(
        command, env={"MAIN_API_URL": settings["MAIN_API_URL"]}, capture_output=True, text=True, check=False
    )
    assert (verified.returncode, "Valid" in verified.stdout) == (0, True), verified.stderr
