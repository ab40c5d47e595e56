"""What becomes of a selfie's picture."""

from tests.services.harness import Api, Platform, picture, send
from tests.services.main.test_consents import consent


async def send_selfie(platform: Platform, guest: Api, body: bytes) -> str:
    """Announce, send and complete; the job waits."""
    media = platform.media.as_(await guest.post("/auth/media-token", {"scope": "selfie"}))
    issued = await media.post("/selfie/upload-url", {"content_type": "image/jpeg", "size_bytes": len(body)})
    await send(issued["upload"], body)
    await media.post(f"/selfie/{issued['selfie_id']}/complete")
    selfie_id: str = issued["selfie_id"]
    return selfie_id


async def test_of_a_selfie_that_cannot_serve_nothing_is_kept(platform: Platform) -> None:
    guest = await platform.new_guest()
    await consent(platform, guest)
    await send_selfie(platform, guest, picture(11))
    await platform.jobs.run()
    media = platform.media.as_(await guest.post("/auth/media-token"))
    assert (await media.get("/selfie"))["rejection_reason"] == "no_face"
    assert await platform.storage.delete_prefix(f"users/{guest.account['id']}/") == 0


async def test_a_media_token_ends_with_the_session_that_asked_for_it(platform: Platform) -> None:
    guest = await platform.new_guest()
    await consent(platform, guest)
    media = platform.media.as_(await guest.post("/auth/media-token"))
    assert (await media.call("GET", "/selfie")).status_code == 404
    (own,) = (await guest.get("/me/sessions"))["items"]
    await guest.delete(f"/me/sessions/{own['id']}")
    answer = await media.call("GET", "/selfie")
    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")
