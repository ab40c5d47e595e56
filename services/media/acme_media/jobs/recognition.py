"""recognize_faces: find the faces of a photo, keep them, and match them with the project's members."""

import asyncio
from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from PIL import Image

from acme_core.matching import SCORE_FLOOR
from acme_db.models import Photo, PhotoFace
from acme_db.models.photo import RecognitionState
from acme_db.unit_of_work import unit_of_work
from acme_events.matches import announce_matches
from acme_jobs.catalogue import PhotoJob
from acme_media.faces.boxes import focus, ordinals
from acme_media.faces.detector import CUTTING_SIDE
from acme_media.faces.engine import FaceEngine, PermanentFaceError
from acme_media.faces.matching import Bands, Face, Score, best_scores, in_bands
from acme_media.faces.values import Box, FoundFace
from acme_media.images.decode import load_upright
from acme_media.images.probe import probe
from acme_media.images.rejection import ImageRejectedError
from acme_media.jobs import photo_queries as queries
from acme_media.jobs.context import JobContext
from acme_media.jobs.photo_queries import PhotoToProcess
from acme_media.photos.announcements import announce_photo
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
        await self._keep(photo, faces, scale)
        await self.match(photo.project_id, photo.id)

    async def match(self, project_id: UUID, photo_id: UUID) -> None:
        """Compare the kept faces of a photo with everybody who may be found now."""
        async with self._context.sessions() as session:
            faces = await queries.list_faces(session, photo_id)
            bands = self._bands_of(await queries.project_bounds(session, project_id))
            denied = await queries.denied_by_people(session, photo_id)
        crops = await self._context.read_all([face.crop_key for face in faces])
        candidates = await self._engine.search(project_id, crops)
        probes = [
            Face(
                face.ordinal,
                face.size_px,
                face.sharpness,
                [candidate for candidate in found if candidate.user_id not in denied],
            )
            for face, found in zip(faces, candidates, strict=True)
        ]
        scores = best_scores(probes, min(SCORE_FLOOR, bands.review))
        await self._write(project_id, photo_id, faces, scores, bands)

    async def _write(
        self,
        project_id: UUID,
        photo_id: UUID,
        faces: Sequence[PhotoFace],
        scores: Sequence[Score],
        bands: Bands,
    ) -> None:
        """A consent withdrawn while the faces were compared counts: nothing is written for its guest."""
        async with unit_of_work(self._context.sessions) as session:
            if not await queries.lock_photo(session, photo_id):
                return
            consenting = await queries.lock_consents(session, [score.user_id for score in scores])
            allowed = [score for score in scores if score.user_id in consenting]
            seen_before = await queries.visible_to(session, photo_id)
            await queries.write_scores(session, photo_id, allowed)
            ids = {face.ordinal: face.id for face in faces}
            matches = in_bands(allowed, bands)
            await queries.write_matches(session, photo_id, matches, ids, self._engine.version)
            if await queries.set_recognition(session, photo_id, RecognitionState.DONE):
                await announce_photo(session, photo_id)
            new = await queries.visible_to(session, photo_id) - seen_before
            announce_matches(session, project_id, {user_id: [photo_id] for user_id in new})

    def _bands_of(self, bounds: tuple[float | None, float | None]) -> Bands:
        """The project's own, where its operator has set them."""
        confirm, review = bounds
        return Bands(confirm or self._bands.confirm, review or self._bands.review)

    async def give_up(self, job: PhotoJob) -> None:
        async with unit_of_work(self._context.sessions) as session:
            await queries.set_recognition(session, job.photo_id, RecognitionState.FAILED)
            await announce_photo(session, job.photo_id)

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

    async def _keep(self, photo: Photo, faces: Sequence[FoundFace], scale: float) -> None:
        async with self._context.sessions() as session:
            known = await queries.list_faces(session, photo.id)
        boxes = [face.box for face in faces]
        rows = []
        numbers = ordinals({face.ordinal: box_of(face) for face in known}, boxes)
        for ordinal, face in zip(numbers, faces, strict=True):
            key = keys.face_crop(photo.project_id, photo.id, ordinal)
            await self._context.storage.write(key, face.crop, CROP_TYPE)
            rows.append({**_row(ordinal, face, key, scale), "embedding": await self._vector(photo, face)})
        async with unit_of_work(self._context.sessions) as session:
            if not await queries.is_indexed(session, photo.project_id):
                rows = [{**row, "embedding": None} for row in rows]
            await queries.replace_faces(session, photo, rows)
            await queries.set_focus(session, photo.id, focus(boxes))

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
