"""recognize_faces: find the faces of a photo, keep them, and match them with the project's members."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from PIL import Image
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import Photo, PhotoFace
from acme_db.models.photo import RecognitionState
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import PhotoJob
from acme_media.faces.boxes import focus, ordinals
from acme_media.faces.detector import CUTTING_SIDE
from acme_media.faces.engine import FaceEngine, PermanentFaceError
from acme_media.faces.matching import Bands
from acme_media.faces.values import Box, FoundFace
from acme_media.images.decode import load_upright
from acme_media.images.probe import probe
from acme_media.images.rejection import ImageRejectedError
from acme_media.jobs import photo_queries as queries
from acme_media.jobs.context import JobContext
from acme_media.jobs.match_queries import Seen
from acme_media.jobs.matching import PhotoMatcher
from acme_media.jobs.photo_queries import PhotoToProcess
from acme_media.jobs.vector_queries import erase_vectors_of, store_vectors
from acme_media.photos.announcements import announce_photo
from acme_storage import keys
from acme_storage.gateway import ObjectMissing

log = structlog.get_logger()

CROP_TYPE = "application/octet-stream"


class RecognitionJobs:
    def __init__(self, context: JobContext, engine: FaceEngine, bands: Bands) -> None:
        self._context = context
        self._engine = engine
        self._matcher = PhotoMatcher(context, engine, bands)

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
        if await self._keep(photo, faces, scale):
            await self.match(photo.project_id, photo.id)

    async def match(self, project_id: UUID, *photo_ids: UUID) -> set[Seen]:
        """Compare the kept faces of photos with everybody who may be found now."""
        return await self._matcher.match(project_id, photo_ids)

    async def give_up(self, job: PhotoJob) -> None:
        async with unit_of_work(self._context.sessions) as session:
            await queries.set_recognition(session, job.photo_id, RecognitionState.FAILED)
            await announce_photo(session, job.photo_id)

    async def revive(self, job: PhotoJob) -> None:
        async with unit_of_work(self._context.sessions) as session:
            await queries.revive_recognition(session, job.photo_id)

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

    async def _keep(self, photo: Photo, faces: Sequence[FoundFace], scale: float) -> bool:
        """False when the photo was deleted meanwhile: then its crops, written after the others, go too."""
        async with self._context.sessions() as session:
            known = await queries.list_faces(session, photo.id)
        boxes = [face.box for face in faces]
        rows, vectors = [], {}
        numbers = ordinals({face.ordinal: box_of(face) for face in known}, boxes)
        for ordinal, face in zip(numbers, faces, strict=True):
            key = keys.face_crop(photo.project_id, photo.id, ordinal)
            await self._context.storage.write(key, face.crop, CROP_TYPE)
            rows.append(_row(ordinal, face, key, scale))
            vectors[ordinal] = await self._vector(photo, face)
        async with unit_of_work(self._context.sessions) as session:
            is_there = await queries.lock_photo(session, photo.id)
            if is_there:
                await self._replace(session, photo, rows, vectors)
                await queries.set_focus(session, photo.id, focus(boxes))
        if not is_there:
            await self._context.storage.delete_prefix(keys.photo_prefix(photo.project_id, photo.id))
        return is_there

    async def _replace(
        self,
        session: AsyncSession,
        photo: Photo,
        rows: Sequence[dict[str, object]],
        vectors: Mapping[int, list[float] | None],
    ) -> None:
        """The vectors follow their faces: those of crops that were replaced are not true any more."""
        await erase_vectors_of(session, photo.id)
        ids = await queries.replace_faces(session, photo, rows)
        if await queries.is_indexed(session, photo.project_id):
            new = {ids[ordinal]: vector for ordinal, vector in vectors.items() if vector is not None}
            await store_vectors(session, new, self._engine.version)

    async def _vector(self, photo: Photo, face: FoundFace) -> list[float] | None:
        async with self._context.sessions() as session:
            wanted = await queries.is_indexed(session, photo.project_id)
        return await self._engine.template(face.crop) if wanted else None


def box_of(face: PhotoFace) -> Box:
    return Box(face.box_left, face.box_top, face.box_width, face.box_height)


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
        "roll": face.roll,
        "yaw": face.yaw,
        "crop_key": key,
    }
