"""recognize_faces: find the faces of a photo, keep them, and match them with the project's members."""

import asyncio
from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from PIL import Image

from acme_db.models.photo import RecognitionState
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import PhotoJob
from acme_media.faces.detector import CUTTING_SIDE
from acme_media.faces.engine import FaceEngine, PermanentFaceError
from acme_media.faces.matching import Bands, Face, match_photo
from acme_media.faces.values import FoundFace
from acme_media.images.decode import load_upright
from acme_media.images.probe import probe
from acme_media.images.rejection import ImageRejectedError
from acme_media.jobs import photo_queries as queries
from acme_media.jobs.context import JobContext
from acme_media.jobs.photo_queries import PhotoToProcess
from acme_storage import keys
from acme_storage.gateway import ObjectMissing

log = structlog.get_logger()

CROP_TYPE = "application/octet-stream"


class RecognitionJobs:
    def __init__(self, context: JobContext, engine: FaceEngine, bands: Bands) -> None:
        self._context = context
        self._engine = engine
        self._bands = bands

    async def recognize_faces(self, job: PhotoJob) -> None:
        """The faces are committed before the gallery is read.

        A new guest commits first and then looks for photos: so of the two, one always sees the other.
        """
        async with self._context.sessions() as session:
            todo = await queries.find_photo(session, job.photo_id)
        if todo is None:
            return
        photo = todo.photo
        try:
            picture, scale = await self._load(todo)
            faces = await self._engine.find_faces(picture)
        except (ImageRejectedError, ObjectMissing, PermanentFaceError) as error:
            log.info("recognition_refused", photo_id=str(photo.id), reason=str(error))
            await self.give_up(job)
            return
        await self._keep(photo.project_id, photo.id, faces, scale)
        await self.match(photo.project_id, photo.id)

    async def match(self, project_id: UUID, photo_id: UUID) -> None:
        """Compare the kept faces of a photo with everybody who may be found now."""
        async with self._context.sessions() as session:
            faces = await queries.list_faces(session, photo_id)
        crops = [await self._context.storage.read(face.crop_key) for face in faces]
        candidates = await self._engine.search(project_id, crops)
        probes = [
            Face(face.ordinal, face.size_px, face.sharpness, found)
            for face, found in zip(faces, candidates, strict=True)
        ]
        matches = match_photo(probes, self._bands)
        async with unit_of_work(self._context.sessions) as session:
            if await queries.lock_photo(session, photo_id):
                ids = {face.ordinal: face.id for face in faces}
                await queries.write_matches(session, photo_id, matches, ids, self._engine.version)
                await queries.set_recognition(session, photo_id, RecognitionState.DONE)

    async def give_up(self, job: PhotoJob) -> None:
        async with unit_of_work(self._context.sessions) as session:
            await queries.set_recognition(session, job.photo_id, RecognitionState.FAILED)

    async def _load(self, todo: PhotoToProcess) -> tuple[Image.Image, float]:
        """The picture, and how many times larger the original is."""
        limit = self._context.limits.max_pixels
        async with self._context.fetched(todo.photo.storage_key) as path:
            found = await asyncio.to_thread(
                probe,
                path,
                max_pixels=limit,
                announced_type=todo.photo.content_type,
                default_zone=ZoneInfo(todo.timezone),
            )
            picture = await asyncio.to_thread(load_upright, path, max_pixels=limit, max_side=CUTTING_SIDE)
        return picture, found.width / picture.width

    async def _keep(self, project_id: UUID, photo_id: UUID, faces: Sequence[FoundFace], scale: float) -> None:
        rows = []
        for ordinal, face in enumerate(faces):
            key = keys.face_crop(project_id, photo_id, ordinal)
            await self._context.storage.write(key, face.crop, CROP_TYPE)
            rows.append(_row(ordinal, face, key, scale))
        async with unit_of_work(self._context.sessions) as session:
            await queries.replace_faces(session, photo_id, rows)
            await queries.set_recognition(session, photo_id, RecognitionState.DONE)


def _row(ordinal: int, face: FoundFace, key: str, scale: float) -> dict[str, object]:
    return {
        "ordinal": ordinal,
        "box_left": face.box.left,
        "box_top": face.box.top,
        "box_width": face.box.width,
        "box_height": face.box.height,
        "size_px": face.size_px * scale,
        "detection_score": face.score,
        "sharpness": face.sharpness,
        "crop_key": key,
    }
