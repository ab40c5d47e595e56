"""generate_thumbnail and generate_watermark."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from acme_core.clock import utc_now
from acme_core.photos import FailureCode
from acme_db.models import Photo
from acme_db.unit_of_work import unit_of_work
from acme_events.matches import announce_matches
from acme_jobs.catalogue import PhotoJob
from acme_media.images.derivatives import CONTENT_TYPE
from acme_media.images.rejection import ImageRejectedError
from acme_media.jobs import photo_queries as queries
from acme_media.jobs.context import JobContext
from acme_media.jobs.match_queries import visible
from acme_media.jobs.photo_queries import PhotoToProcess, Stored
from acme_media.jobs.renderings import Rendering, Renderings
from acme_media.jobs.vector_queries import erase_vectors_of
from acme_media.jobs.watermarks import renew_if_changed, told_by, write_watermarked
from acme_media.photos.announcements import announce_photo
from acme_media.photos.completion import start_pipeline
from acme_storage import keys
from acme_storage.gateway import ObjectMissing
from acme_telemetry.metrics import UPLOAD_TO_READY
from acme_webhooks import recording as webhooks

log = structlog.get_logger()

Maker = Callable[[Photo, Rendering], Awaitable[dict[str, object]]]
"""Writes some of a photo's objects; returns what its row says of them."""


class DerivativeJobs:
    """Idempotent by state and by key: a second run finds its object named, or writes it again."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._renderings = Renderings(context)

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

    async def revive(self, job: PhotoJob) -> None:
        """The whole photo: its other jobs found it failed, and ended. Not if its file came again since."""
        with suppress(IntegrityError):
            async with unit_of_work(self._context.sessions) as session:
                photo = await queries.lock_given_up(session, job.photo_id)
                if photo is not None:
                    await start_pipeline(session, photo)

    async def purge_photo(self, job: PhotoJob) -> None:
        """A deleted photo leaves no object and no vector behind; its row stays for the books."""
        async with self._context.sessions() as session:
            photo = await queries.get_any_photo(session, job.photo_id)
        if photo is not None and photo.deleted_at is not None:
            await self._context.storage.delete_prefix(keys.photo_prefix(photo.project_id, photo.id))
            async with unit_of_work(self._context.sessions) as session:
                await erase_vectors_of(session, photo.id)

    async def _find(self, job: PhotoJob) -> PhotoToProcess | None:
        async with self._context.sessions() as session:
            return await queries.find_photo(session, job.photo_id)

    async def _rejecting(self, todo: PhotoToProcess, make: Maker) -> None:
        """A bad file is a result, not an error: it is told to the photographer, and not tried again."""
        try:
            made = await self._renderings.take(todo)
        except (ImageRejectedError, ObjectMissing) as error:
            code = error.code if isinstance(error, ImageRejectedError) else FailureCode.FILE_MISSING
            log.info("photo_rejected", photo_id=str(todo.photo.id), code=code)
            async with unit_of_work(self._context.sessions) as session:
                await queries.fail_photo(session, todo.photo.id, code)
                await announce_photo(session, todo.photo.id)
            return
        values = await make(todo.photo, made)
        await self._store(todo, made, values)

    async def _store(self, todo: PhotoToProcess, made: Rendering, values: dict[str, object]) -> None:
        """Who was recognised before the photo was ready is told now."""
        photo = todo.photo
        async with unit_of_work(self._context.sessions) as session:
            stored = await queries.store_derivatives(session, photo.id, values)
            if stored is Stored.READY:
                await self._tell_ready(session, photo)
            if stored is not Stored.GONE:
                await queries.keep_digest(session, photo.id, made.sha256)
                await renew_if_changed(session, todo, made.version)
        if stored is Stored.READY:
            UPLOAD_TO_READY.observe((utc_now() - photo.uploaded_at).total_seconds())
        if stored is Stored.GONE:
            await self._context.storage.delete_prefix(keys.photo_prefix(photo.project_id, photo.id))
            async with unit_of_work(self._context.sessions) as session:
                await erase_vectors_of(session, photo.id)

    async def _tell_ready(self, session: AsyncSession, photo: Photo) -> None:
        seen = {user_id: [photo.id] for _, user_id in await visible(session, [photo.id])}
        announce_matches(session, photo.project_id, seen)
        await announce_photo(session, photo.id)
        await webhooks.photo_ready(session, photo.project_id, photo.id)
        await webhooks.matches_confirmed(session, photo.project_id, seen)

    async def _thumbnail(self, photo: Photo, made: Rendering) -> dict[str, object]:
        key = keys.thumbnail(photo.project_id, photo.id)
        await self._context.storage.write(key, made.thumbnail.jpeg, CONTENT_TYPE)
        return {"thumbnail_key": key, "thumbhash": made.thumbnail.thumbhash, **told_by(made)}

    async def _watermark(self, photo: Photo, made: Rendering) -> dict[str, object]:
        return await write_watermarked(self._context, photo, made)
