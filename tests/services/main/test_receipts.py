"""Receipts of erasure: signed, open to whoever holds their id, and checked without the platform."""

import base64
import json
from copy import deepcopy
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from typer.testing import CliRunner

from acme_standalone.cli import app
from tests.services.harness import Api, Json, Platform, mailed_text
from tests.services.main.test_consents import consent
from tests.services.main.test_deletion import guest_of_everything

ANOTHER_KEY = base64.urlsafe_b64encode(b"another-key-of-32-bytes-another-").rstrip(b"=").decode()


async def keys_of(platform: Platform) -> Json:
    answer = await platform.main.http.get("/.well-known/jwks.json")
    keys: Json = answer.json()
    return keys


async def receipt_of_everything(platform: Platform) -> tuple[Api, Json]:
    guest, _ = await guest_of_everything(await platform.new_event())
    receipt = await guest.delete("/me")
    await platform.jobs.run()
    return guest, await platform.main.get(f"/consents/receipts/{receipt['id']}/document")


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


async def test_a_deleted_account_leaves_a_receipt_that_anybody_can_check(platform: Platform) -> None:
    guest, document = await receipt_of_everything(platform)
    told = document["receipt"]
    assert (told["scope"], told["cause"]) == ("account", "asked")
    assert {(item["what"], item["where"]) for item in told["erased"]} >= {
        ("account", "database"),
        ("archives", "object store"),
        ("provider_faces", "face recognition provider"),
        ("queued_mails", "queue"),
    }
    kept = {item["what"]: item["count"] for item in told["kept"]}
    assert kept == {"consents": 1, "purchases": 1}
    assert guest.account["email"] not in json.dumps(document)
    assert guest.account["id"] not in json.dumps(document)

    (key,) = (await keys_of(platform))["keys"]
    header, payload, signature = document["signature"].split(".")
    assert json.loads(decoded(header)) == {
        "alg": "EdDSA",
        "kid": key["kid"],
        "typ": "acme-erasure-receipt+json",
    }
    assert json.loads(decoded(payload)) == told
    public = Ed25519PublicKey.from_public_bytes(decoded(key["x"]))
    public.verify(decoded(signature), f"{header}.{payload}".encode())
    with pytest.raises(InvalidSignature):
        public.verify(decoded(signature), f"{header}.{payload}A".encode())
    checked = await platform.main.post("/consents/receipts/verify", document)
    assert checked == {"is_valid": True, "reason": None, "key_id": key["kid"]}
    link = f"/v1/consents/receipts/{told['receipt_id']}/document"
    assert link in mailed_text(guest.account["email"])


async def test_a_receipt_that_says_something_else_is_refused(platform: Platform) -> None:
    _, document = await receipt_of_everything(platform)
    changed = deepcopy(document)
    changed["receipt"]["erased"][0]["count"] += 1
    checked = await platform.main.post("/consents/receipts/verify", changed)
    assert (checked["is_valid"], checked["key_id"]) == (False, None)
    assert "something else" in checked["reason"]
    forged = {**document, "signature": document["signature"][:-6] + "AAAAAA"}
    assert not (await platform.main.post("/consents/receipts/verify", forged))["is_valid"]


async def test_the_command_checks_with_nothing_but_the_public_keys(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, document = await receipt_of_everything(platform)
    file, keys, others = tmp_path / "receipt.json", tmp_path / "keys.json", tmp_path / "others.json"
    file.write_text(json.dumps(document, indent=4))
    published = await keys_of(platform)
    keys.write_text(json.dumps(published))
    others.write_text(json.dumps({"keys": [{**published["keys"][0], "x": ANOTHER_KEY}]}))
    for name in ("DATABASE_URL", "RECEIPT_SIGNING_KEY"):
        monkeypatch.delenv(name, raising=False)
    verify = ["receipt", "verify", str(file), "--keys"]
    good = CliRunner().invoke(app, [*verify, str(keys)])
    assert (good.exit_code, "Valid" in good.output) == (0, True)
    assert document["receipt"]["receipt_id"] in good.output
    assert CliRunner().invoke(app, [*verify, str(others)]).exit_code == 1
    document["receipt"]["completed_at"] = "2020-01-01T00:00:00Z"
    file.write_text(json.dumps(document))
    bad = CliRunner().invoke(app, [*verify, str(keys)])
    assert (bad.exit_code, "something else" in bad.output) == (1, True)
    file.write_text("[]")
    assert CliRunner().invoke(app, [*verify, str(keys)]).exit_code == 1


async def test_nothing_is_signed_before_it_is_true(platform: Platform) -> None:
    guest = await platform.new_guest()
    await consent(platform, guest)
    receipt = await guest.delete("/consents/biometric_processing")
    path = f"/consents/receipts/{receipt['receipt_id']}/document"
    early = await platform.main.call("GET", path)
    assert (early.status_code, early.json()["code"]) == (409, "erasure_incomplete")
    await platform.jobs.run()
    answer = await platform.main.call("GET", path)
    assert answer.headers["content-disposition"].startswith("attachment")
    told = answer.json()["receipt"]
    assert (told["scope"], told["kept"]) == (
        "biometrics",
        [{"what": "consents", "why": told["kept"][0]["why"], "count": 1}],
    )
    unknown = await platform.main.call("GET", f"/consents/receipts/{uuid4()}/document")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "receipt_not_found")


async def test_mails_that_wait_and_news_that_are_kept_go_with_the_account(platform: Platform) -> None:
    guest, _ = await guest_of_everything(await platform.new_event())
    user_id = guest.account["id"]
    of_guest = "state = 'queued' AND payload->>'recipient_id' = :id"
    waiting = f"SELECT count(*) FROM outbox_jobs WHERE {of_guest}"
    await guest.post("/auth/password/forgot", {"email": guest.account["email"]})
    await platform.sql(f"UPDATE outbox_jobs SET last_error = 'later' WHERE {of_guest}", id=user_id)
    assert await platform.sql(waiting, id=user_id) == [(1,)]
    stream = f"acme:events:user:{user_id}"
    assert await platform.data.redis.exists(stream) == 1
    receipt = await guest.delete("/me")
    await platform.jobs.run()
    assert await platform.sql(waiting, id=user_id) == [(0,)]
    assert await platform.data.redis.exists(stream) == 0
    told = (await platform.main.get(f"/consents/receipts/{receipt['id']}/document"))["receipt"]
    counts = {item["what"]: item["count"] for item in told["erased"]}
    assert counts["queued_mails"] == 1
    assert counts["live_events"] > 0
