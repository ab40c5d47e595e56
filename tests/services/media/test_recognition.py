"""A photo whose faces nobody was looked for with yet is not done."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import pytest
from PIL import Image

from acme_config.settings import UploadSettings
from acme_jobs.catalogue import PhotoJob
from acme_media.faces.matching import Bands
from acme_media.faces.values import Box, Candidate, FoundFace
from acme_media.jobs.context import JobContext
from acme_media.jobs.recognition import RecognitionJobs
from tests.services.harness import Event, Platform, picture

FACE = FoundFace(Box(0.1, 0.1, 0.2, 0.2), 100, 0.9, 40.0, 120, b"a crop")


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Engine:
    """Finds one face, and dies as often as told while it looks for its owner."""

    crashes: int
    version: str = "test"

    async def find_faces(self, _: Image.Image) -> Sequence[FoundFace]:
        return [FACE]

    async def search(self, _: UUID, crops: Sequence[bytes]) -> Sequence[Sequence[Candidate]]:
        self.crashes -= 1
        if self.crashes >= 0:
            raise Crash
        return [[] for _ in crops]


async def state_of(event: Event, photo_id: str) -> str:
    (row,) = await event.platform.sql("SELECT recognition_state FROM photos WHERE id = :id", id=photo_id)
    return str(row.recognition_state)


async def test_a_worker_that_dies_before_the_search_leaves_the_photo_pending(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.upload(picture(11))
    context = JobContext(platform.data.sessions, platform.storage, UploadSettings())
    jobs = RecognitionJobs(context, Engine(crashes=1), Bands(90, 70))  # type: ignore[arg-type] # what it needs
    job = PhotoJob(photo_id=UUID(photo_id))
    with pytest.raises(Crash):
        await jobs.recognize_faces(job)
    assert await state_of(event, photo_id) == "pending"
    await jobs.recognize_faces(job)
    assert await state_of(event, photo_id) == "done"


@dataclass
class SlowEngine(Engine):
    """Something happens while it looks at the picture."""

    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def find_faces(self, picture: Image.Image) -> Sequence[FoundFace]:
        if self.meanwhile is not None:
            await self.meanwhile()
        return await super().find_faces(picture)


async def test_of_a_photo_deleted_while_its_faces_are_sought_no_crop_is_left(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.upload(picture(11))

    async def delete() -> None:
        assert (await event.operator.call("DELETE", f"/photos/{photo_id}")).status_code == 204
        await platform.jobs.run()

    context = JobContext(platform.data.sessions, platform.storage, UploadSettings())
    engine = SlowEngine(crashes=0, meanwhile=delete)
    await RecognitionJobs(context, engine, Bands(90, 70)).recognize_faces(  # type: ignore[arg-type] # what it needs
        PhotoJob(photo_id=UUID(photo_id))
    )
    assert await platform.storage.delete_prefix(f"projects/{event.project_id}/photos/{photo_id}/") == 0
    assert await platform.sql("SELECT 1 FROM photo_faces WHERE photo_id = :id", id=photo_id) == []
