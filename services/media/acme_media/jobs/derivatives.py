"""generate_thumbnail and generate_watermark."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from acme_core.photos import FailureCode
from acme_db.models import Photo
from acme_db.unit_of_work import unit_of_work
from acme_events.matches import announce_matches
from acme_jobs.catalogue import PhotoJob
from acme_media.images.derivatives import CONTENT_TYPE, make_thumbnail, make_watermarked
from acme_media.images.probe import Probe, probe
from acme_media.images.rejection import ImageRejectedError
from acme_media.images.watermark import WatermarkProfile
from acme_media.jobs import photo_queries as queries
from acme_media.jobs.context import JobContext
from acme_media.jobs.photo_queries import PhotoToProcess
from acme_media.photos.announcements import announce_photo
from acme_storage import keys
from acme_storage.gateway import ObjectMissing

log = structlog.get_logger()

Maker = Callable[[PhotoToProcess, Path], Awaitable[dict[str, object]]]


class DerivativeJobs:
    """Idempotent by state and by key: a second run finds its object named, or writes it again."""

    def __init__(self, context: JobContext) -> None:
        self._context = context

    async def generate_thumbnail(self, job: PhotoJob) -> None:
        todo = await self._find(job)
        if todo is not None and todo.photo.thumbnail_key is None:
            await self._rejecting(todo, self._thumbnail)

    async def generate_watermark(self, job: PhotoJob) -> None:
        todo = await self._find(job)
        if todo is not None and todo.photo.watermarked_key is None:
            await self._rejecting(todo, self._watermark)

    async def give_up(self, job: PhotoJob) -> None:
        async with unit_of_work(self._context.sessions) as session:
            await queries.fail_photo(session, job.photo_id, FailureCode.PROCESSING_FAILED)
            await announce_photo(session, job.photo_id)

    async def purge_photo(self, job: PhotoJob) -> None:
        """A deleted photo leaves no object behind; its row stays for the books."""
        async with self._context.sessions() as session:
            photo = await queries.get_any_photo(session, job.photo_id)
        if photo is not None and photo.deleted_at is not None:
            await self._context.storage.delete_prefix(keys.photo_prefix(photo.project_id, photo.id))

    async def _find(self, job: PhotoJob) -> PhotoToProcess | None:
        async with self._context.sessions() as session:
            return await queries.find_photo(session, job.photo_id)

    async def _rejecting(self, todo: PhotoToProcess, make: Maker) -> None:
        """A bad file is a result, not an error: it is told to the photographer, and not tried again."""
        try:
            async with self._context.fetched(todo.photo.storage_key) as path:
                values = await make(todo, path)
        except (ImageRejectedError, ObjectMissing) as error:
            code = error.code if isinstance(error, ImageRejectedError) else FailureCode.FILE_MISSING
            log.info("photo_rejected", photo_id=str(todo.photo.id), code=code)
            async with unit_of_work(self._context.sessions) as session:
                await queries.fail_photo(session, todo.photo.id, code)
                await announce_photo(session, todo.photo.id)
            return
        await self._store(todo.photo, values)

    async def _store(self, photo: Photo, values: dict[str, object]) -> None:
        """Who was recognised before the photo was ready is told now."""
        async with unit_of_work(self._context.sessions) as session:
            if await queries.store_derivatives(session, photo.id, values):
                guests = await queries.visible_to(session, photo.id)
                announce_matches(session, photo.project_id, {user_id: [photo.id] for user_id in guests})
                await announce_photo(session, photo.id)

    async def _thumbnail(self, todo: PhotoToProcess, path: Path) -> dict[str, object]:
        photo, limit = todo.photo, self._context.limits.max_pixels
        found = await asyncio.to_thread(self._inspect, todo, path)
        made = await asyncio.to_thread(make_thumbnail, path, max_pixels=limit)
        key = keys.thumbnail(photo.project_id, photo.id)
        await self._context.storage.write(key, made.jpeg, CONTENT_TYPE)
        return {
            "thumbnail_key": key,
            "width": found.width,
            "height": found.height,
            "taken_at": found.taken_at,
            "thumbhash": made.thumbhash,
        }

    async def _watermark(self, todo: PhotoToProcess, path: Path) -> dict[str, object]:
        photo, limit = todo.photo, self._context.limits.max_pixels
        found = await asyncio.to_thread(self._inspect, todo, path)
        profile = WatermarkProfile(text=todo.operator_name)
        made = await asyncio.to_thread(
            make_watermarked, path, profile, max_pixels=limit, taken_at=found.taken_at
        )
        preview_key = keys.preview(photo.project_id, photo.id)
        watermarked_key = keys.watermarked(photo.project_id, photo.id)
        await self._context.storage.write(preview_key, made.preview, CONTENT_TYPE)
        await self._context.storage.write(watermarked_key, made.deliverable, CONTENT_TYPE)
        return {"preview_key": preview_key, "watermarked_key": watermarked_key}

    def _inspect(self, todo: PhotoToProcess, path: Path) -> Probe:
        """Blocks. The file must be what was announced, to the byte where a digest was given."""
        _require_digest(todo.photo, path)
        return probe(
            path,
            max_pixels=self._context.limits.max_pixels,
            announced_type=todo.photo.content_type,
            default_zone=ZoneInfo(todo.timezone),
        )


def _require_digest(photo: Photo, path: Path) -> None:
    if photo.sha256 is None:
        return
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != photo.sha256:
        raise ImageRejectedError(FailureCode.DIGEST_MISMATCH)
