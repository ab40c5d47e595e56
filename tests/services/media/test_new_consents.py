"""Whoever withdraws and thinks better of it while the provider is away, need not wait for the erasure."""

from pathlib import Path

from acme_standalone.demo.scenes import Person, Scene
from tests.services.harness import Api, Platform, picture, send
from tests.services.main.test_consents import consent
from tests.services.media.test_matching_journey import enrol, photos_of, scenes, selfies, showing, upload

__all__ = ["scenes", "selfies"]

OF_ERASURE = "name = 'purge_biometrics' AND payload->>'receipt_id' = :id"


async def _withdraw_while_the_provider_is_away(platform: Platform, guest: Api) -> str:
    receipt_id: str = (await guest.delete("/consents/biometric_processing"))["receipt_id"]
    await platform.sql(f"UPDATE outbox_jobs SET last_error = 'away' WHERE {OF_ERASURE}", id=receipt_id)
    return receipt_id


async def _erase(platform: Platform, guest: Api, receipt_id: str) -> dict[str, int]:
    await platform.sql(f"UPDATE outbox_jobs SET last_error = NULL WHERE {OF_ERASURE}", id=receipt_id)
    await platform.jobs.run()
    erased: dict[str, int] = (await guest.get(f"/consents/receipts/{receipt_id}"))["erased"]
    return erased


async def test_a_selfie_of_a_new_consent_outlives_the_erasure_of_the_old_one(
    platform: Platform, scenes: list[Scene], selfies: dict[Person, Path]
) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    first = await enrol(platform, guest, selfies[Person.GRACE].read_bytes())
    uploaded = await upload(event, scenes)
    assert await photos_of(event, guest) == showing(Person.GRACE, uploaded)
    receipt_id = await _withdraw_while_the_provider_is_away(platform, guest)
    second = await enrol(platform, guest, selfies[Person.EILEEN].read_bytes())
    assert second["status"] == "approved"
    erased = await _erase(platform, guest, receipt_id)
    assert (erased["selfies"], erased["templates"], erased["objects"]) == (1, 1, 2)
    rows = await platform.sql("SELECT id FROM selfies WHERE user_id = :id", id=guest.account["id"])
    assert [str(row.id) for row in rows] == [second["id"]] != [first["id"]]
    assert await photos_of(event, guest) == showing(Person.EILEEN, uploaded)


async def test_a_selfie_that_is_being_sent_outlives_the_erasure_of_an_older_consent(
    platform: Platform, selfies: dict[Person, Path]
) -> None:
    guest = await platform.new_guest()
    await enrol(platform, guest, selfies[Person.GRACE].read_bytes())
    receipt_id = await _withdraw_while_the_provider_is_away(platform, guest)
    await consent(platform, guest)
    media, body = platform.media.as_(await guest.post("/auth/media-token")), picture(12)
    issued = await media.post("/selfie/upload-url", {"content_type": "image/jpeg", "size_bytes": len(body)})
    await send(issued["upload"], body)
    assert (await _erase(platform, guest, receipt_id))["selfies"] == 1
    assert (await media.call("POST", f"/selfie/{issued['selfie_id']}/complete")).status_code == 202
