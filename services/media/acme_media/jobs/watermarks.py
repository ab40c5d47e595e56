"""renew_watermarks and purge_derivatives: what a changed design asks for."""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from acme_core.clock import utc_now
from acme_core.screens import SCREENS
from acme_db.models import Photo
from acme_db.unit_of_work import unit_of_work
from acme_db.watermarks import designs_of
from acme_jobs.catalogue import PURGE_DERIVATIVES, RENEW_WATERMARKS, DerivativesJob, WatermarksJob
from acme_jobs.outbox import enqueue
from acme_media.images.derivatives import CONTENT_TYPE
from acme_media.images.rejection import ImageRejectedError
from acme_media.jobs import photo_queries as queries
from acme_media.jobs.context import JobContext
from acme_media.jobs.photo_queries import PhotoToProcess
from acme_media.jobs.renderings import Rendering, Renderings
from acme_storage import keys
from acme_storage.gateway import ObjectMissing

log = structlog.get_logger()

CHUNK = 10
"""Some seconds of work, between which new photos get their turn."""
KEPT = timedelta(days=7)
"""How long what was replaced can still be fetched: no URL lives longer."""


class WatermarkJobs:
    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._renderings = Renderings(context)

    async def renew_watermarks(self, job: WatermarksJob) -> None:
        """A chunk of the photos with another design than theirs now; the next chunk is a job of its own.

        Each photo shows what it had until the new is there. Idempotent: what is renewed is not found again.
        """
        async with self._context.sessions() as session:
            designs = await designs_of(session, job.operator_id)
            photos = await queries.list_stale(session, designs, job, CHUNK)
        for photo_id in photos:
            await self._renew(photo_id)
        if len(photos) == CHUNK:
            async with unit_of_work(self._context.sessions) as session:
                await renew(session, job.operator_id, after_photo_id=photos[-1])

    async def purge_derivatives(self, job: DerivativesJob) -> None:
        """Nothing where the photo has come back to this design in the meantime."""
        async with self._context.sessions() as session:
            photo = await queries.get_any_photo(session, job.photo_id)
        if photo is not None and photo.watermark_version != job.version:
            prefix = keys.version_prefix(photo.project_id, photo.id, job.version)
            await self._context.storage.delete_prefix(prefix)

    async def _renew(self, photo_id: UUID) -> None:
        async with self._context.sessions() as session:
            todo = await queries.find_photo(session, photo_id)
        if todo is None:
            return
        try:
            made = await self._renderings.render(todo)
        except (ImageRejectedError, ObjectMissing) as error:
            log.warning("watermark_not_renewed", photo_id=str(photo_id), reason=str(error))
            return
        values = await write_watermarked(self._context, todo.photo, made)
        await self._replace(todo, made, {**values, **told_by(made)})

    async def _replace(self, todo: PhotoToProcess, made: Rendering, values: dict[str, object]) -> None:
        photo = todo.photo
        async with unit_of_work(self._context.sessions) as session:
            is_there = await queries.replace_watermarked(session, photo.id, values)
            if is_there:
                await renew_if_changed(session, todo, made.version)
                await _purge_later(session, photo, made.version)
        if not is_there:
            await self._context.storage.delete_prefix(keys.photo_prefix(photo.project_id, photo.id))


async def renew(session: AsyncSession, operator_id: UUID, *, after_photo_id: UUID | None = None) -> None:
    payload = WatermarksJob(operator_id=operator_id, after_photo_id=after_photo_id)
    await enqueue(session, RENEW_WATERMARKS, payload, dedupe_key=f"{operator_id}:{after_photo_id}")


async def renew_if_changed(session: AsyncSession, todo: PhotoToProcess, version: str) -> None:
    """A design that was changed while the photo was drawn was not seen, and did not see the photo."""
    designs = await designs_of(session, todo.operator_id)
    if designs.version_of(todo.photo.project_id) != version:
        await renew(session, todo.operator_id)


async def write_watermarked(context: JobContext, photo: Photo, made: Rendering) -> dict[str, object]:
    """The same objects for the same photo and design. Returns what the photo's row says of them."""
    project_id, photo_id, version = photo.project_id, photo.id, made.version
    preview, deliverable = (make(project_id, photo_id, version) for make in (keys.preview, keys.watermarked))
    await context.storage.write(preview, made.watermarked.preview, CONTENT_TYPE)
    for screen in SCREENS:
        key = keys.screen(project_id, photo_id, version, screen.name)
        await context.storage.write(key, made.watermarked.screens[screen], screen.format.content_type)
    await context.storage.write(deliverable, made.watermarked.deliverable, CONTENT_TYPE)
    return {"preview_key": preview, "watermarked_key": deliverable, "watermark_version": version}


def told_by(made: Rendering) -> dict[str, object]:
    found = made.found
    return {
        "width": found.width,
        "height": found.height,
        "taken_at": found.metadata.taken_at,
        "camera": found.metadata.camera,
        "lens": found.metadata.lens,
        "serial_number": found.metadata.serial_number,
        "perceptual_hash": made.thumbnail.perceptual_hash,
    }


async def _purge_later(session: AsyncSession, photo: Photo, version: str) -> None:
    before = photo.watermark_version
    if before is None or before == version:
        return
    payload = DerivativesJob(photo_id=photo.id, version=before)
    key = f"{photo.id}:{before}"
    await enqueue(session, PURGE_DERIVATIVES, payload, dedupe_key=key, run_at=utc_now() + KEPT)
