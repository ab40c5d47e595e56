"""What becomes of a selfie's picture."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import pytest
from PIL import Image

from acme_config.settings import UploadSettings
from acme_jobs.catalogue import SelfieJob
from acme_media.faces.values import Box, FoundFace
from acme_media.jobs.context import JobContext
from acme_media.jobs.selfies import SelfieJobs
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


@dataclass
class SlowEngine:
    """Finds a face that will do; something happens while it makes the template."""

    meanwhile: Callable[[], Awaitable[None]]
    version: str = "test"

    async def find_faces(self, _: Image.Image) -> Sequence[FoundFace]:
        return [FoundFace(Box(0.1, 0.1, 0.2, 0.2), 100, 0.9, 400.0, 120, b"a crop")]

    async def template(self, _: bytes) -> list[float]:
        await self.meanwhile()
        return [0.1] * 128


@pytest.mark.parametrize("is_withdrawn", [True, False])
async def test_of_a_selfie_erased_while_its_template_is_made_no_crop_is_left(
    platform: Platform, *, is_withdrawn: bool
) -> None:
    guest = await platform.new_guest()
    await consent(platform, guest)
    selfie_id = await send_selfie(platform, guest, picture(11))

    async def erase() -> None:
        if is_withdrawn:
            assert (await guest.call("DELETE", "/consents/biometric_processing")).status_code == 202
        else:
            media = platform.media.as_(await guest.post("/auth/media-token"))
            assert (await media.call("DELETE", f"/selfie/{selfie_id}")).status_code == 204
        await platform.sql("UPDATE outbox_jobs SET state = 'done' WHERE name = 'process_selfie' RETURNING id")
        await platform.jobs.run()

    context = JobContext(platform.data.sessions, platform.storage, UploadSettings())
    await SelfieJobs(context, SlowEngine(erase)).process_selfie(  # type: ignore[arg-type] # what it needs
        SelfieJob(selfie_id=UUID(selfie_id))
    )
    assert await platform.storage.delete_prefix(f"users/{guest.account['id']}/") == 0
    assert await platform.sql("SELECT 1 FROM selfies WHERE id = :id", id=selfie_id) == []
