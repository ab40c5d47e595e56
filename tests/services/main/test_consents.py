import hashlib

from tests.services.harness import Api, Platform

BIOMETRIC = "biometric_processing"


async def consent(platform: Platform, guest: Api) -> None:
    document = await platform.main.get(f"/consents/documents/{BIOMETRIC}")
    await guest.post("/consents", {"consent_type": BIOMETRIC, "consent_version": document["version"]})


async def test_the_document_proves_its_text(platform: Platform) -> None:
    document = await platform.main.get(f"/consents/documents/{BIOMETRIC}")
    assert document["sha256"] == hashlib.sha256(document["text"].encode()).hexdigest()
    assert "withdraw" in document["text"]
    assert (await platform.main.call("GET", "/consents/documents/other")).status_code == 422


async def test_consent_is_given_once_to_the_shown_version(platform: Platform) -> None:
    guest = await platform.new_guest()
    document = await platform.main.get(f"/consents/documents/{BIOMETRIC}")
    old = {"consent_type": BIOMETRIC, "consent_version": "1999"}
    refused = await guest.call("POST", "/consents", old)
    assert (refused.status_code, refused.json()["code"]) == (409, "consent_version_outdated")
    body = {"consent_type": BIOMETRIC, "consent_version": document["version"]}
    first, again = await guest.call("POST", "/consents", body), await guest.call("POST", "/consents", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert first.json()["document_sha256"] == document["sha256"]


async def test_the_proof_is_of_the_language_that_was_shown(platform: Platform) -> None:
    path = f"/consents/documents/{BIOMETRIC}"
    english, german = await platform.main.get(path), await platform.main.get(f"{path}?language=de")
    assert (english["language"], german["language"]) == ("en", "de")
    assert german["version"] == english["version"]
    assert "widerrufst" in german["text"]
    assert german["sha256"] == hashlib.sha256(german["text"].encode()).hexdigest()
    guest = await platform.new_guest()
    body = {"consent_type": BIOMETRIC, "consent_version": german["version"], "language": "de"}
    assert (await guest.post("/consents", body))["document_sha256"] == german["sha256"]
    again = await guest.call("POST", "/consents", {**body, "language": "en"})
    assert (again.status_code, again.json()["document_sha256"]) == (200, german["sha256"])
    assert (await platform.main.call("GET", f"{path}?language=fr")).status_code == 422


async def test_a_selfie_token_needs_consent(platform: Platform) -> None:
    guest = await platform.new_guest()
    refused = await guest.call("POST", "/auth/media-token")
    assert (refused.status_code, refused.json()["code"]) == (403, "consent_required")
    assert (await guest.call("POST", "/auth/media-token", {"scope": "events"})).status_code == 200
    await consent(platform, guest)
    token = await guest.post("/auth/media-token")
    assert token["expires_in"] == 300
    media = platform.media.as_(token)
    body = {"content_type": "image/jpeg", "size_bytes": 10}
    assert (await media.call("POST", "/selfie/upload-url", body)).status_code == 201
    events = platform.media.as_(await guest.post("/auth/media-token", {"scope": "events"}))
    scoped = await events.call("POST", "/selfie/upload-url", body)
    assert (scoped.status_code, scoped.json()["code"]) == (403, "scope_required")


async def test_withdrawal_closes_selfies_at_once_even_for_a_live_token(platform: Platform) -> None:
    guest = await platform.new_guest()
    await consent(platform, guest)
    media = platform.media.as_(await guest.post("/auth/media-token"))
    answer = await guest.call("DELETE", f"/consents/{BIOMETRIC}")
    assert answer.status_code == 202
    refused = await media.call("POST", "/selfie/upload-url", {"content_type": "image/jpeg", "size_bytes": 10})
    assert (refused.status_code, refused.json()["code"]) == (403, "consent_required")
    again = await guest.call("DELETE", f"/consents/{BIOMETRIC}")
    assert (again.status_code, again.json()["code"]) == (404, "consent_not_found")
    await platform.jobs.run()
    receipt = await guest.get(f"/consents/receipts/{answer.json()['receipt_id']}")
    assert receipt["state"] == "completed"
    stranger = await platform.new_guest()
    assert (await stranger.call("GET", f"/consents/receipts/{receipt['id']}")).status_code == 404


async def test_the_history_of_consents_stays(platform: Platform) -> None:
    guest = await platform.new_guest()
    await consent(platform, guest)
    await guest.call("DELETE", f"/consents/{BIOMETRIC}")
    await consent(platform, guest)
    history = (await guest.get("/consents"))["items"]
    assert [item["revoked_at"] is None for item in history] == [True, False]
