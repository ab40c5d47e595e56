"""renew_watermarks and purge_derivatives: what a changed design asks for."""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from acme_core.clock import utc_now
from acme_core.screens import SCREENS
from acme_db.hiding import blur_version_of, blurred_boxes, restart_archives_with
from acme_db.models import Photo, PhotoStatus
from acme_db.unit_of_work import unit_of_work
from acme_db.watermarks import designs_of
from acme_jobs.catalogue import (
    BLUR_PHOTO,
    BUILD_ARCHIVE,
    PURGE_DERIVATIVES,
    RENEW_WATERMARKS,
    ArchiveJob,
    DerivativesJob,
    PhotoJob,
    WatermarksJob,
)
from acme_jobs.outbox import enqueue
from acme_media.images.derivatives import CONTENT_TYPE
from acme_media.images.rejection import ImageRejectedError
from acme_media.jobs import photo_queries as queries
from acme_media.jobs.context import JobContext
from acme_media.jobs.photo_queries import PhotoToProcess
from acme_media.jobs.renderings import Rendering, Renderings
from acme_media.photos.announcements import announce_photo
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
        if photo is None or photo.files_version == job.version:
            return
        await self._context.storage.delete_prefix(
            keys.version_prefix(photo.project_id, photo.id, job.version)
        )
        unblurred = keys.thumbnail(photo.project_id, photo.id)
        if photo.thumbnail_key not in {None, unblurred}:
            await self._context.storage.delete([unblurred])

    async def blur_photo(self, job: PhotoJob) -> None:
        """Everything that is made of the photo, with the faces blurred that are to be, now or no more.

        Idempotent: once it is as it should be, nothing is drawn. What showed the face goes at once. A photo
        that cannot be drawn is tried again, and found by `acme verify`: it is not said to be blurred.
        """
        async with self._context.sessions() as session:
            todo = await queries.find_photo(session, job.photo_id)
        if todo is None or todo.photo.status is not PhotoStatus.READY:
            return
        if todo.photo.blur_version != todo.blur_version:
            await self._draw(todo)

    async def _renew(self, photo_id: UUID) -> None:
        async with self._context.sessions() as session:
            todo = await queries.find_photo(session, photo_id)
        if todo is None:
            return
        try:
            await self._draw(todo)
        except (ImageRejectedError, ObjectMissing) as error:
            log.warning("watermark_not_renewed", photo_id=str(photo_id), reason=str(error))

    async def _draw(self, todo: PhotoToProcess) -> None:
        """Raises `ImageRejectedError` or `ObjectMissing`."""
        made = await self._renderings.render(todo)
        values = await write_watermarked(self._context, todo.photo, made)
        await self._replace(todo, made, {**values, **told_by(made)})

    async def _replace(self, todo: PhotoToProcess, made: Rendering, values: dict[str, object]) -> None:
        """What was drawn for other faces than are to be blurred by now is not taken: another job draws it."""
        photo_id = todo.photo.id
        async with unit_of_work(self._context.sessions) as session:
            photo = await queries.lock_ready(session, photo_id)
            if photo is not None and await _is_wanted(session, photo_id, made):
                await _purge_later(session, photo, made)
                if photo.blur_version != made.blur_version:
                    await _tell_of_blur(session, photo_id)
                await queries.replace_derivatives(session, photo_id, values)
                await renew_if_changed(session, todo, made.version)
        if photo is None:
            prefix = keys.photo_prefix(todo.photo.project_id, photo_id)
            await self._context.storage.delete_prefix(prefix)


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
    project_id, photo_id, version = photo.project_id, photo.id, made.files_version
    preview, deliverable = (make(project_id, photo_id, version) for make in (keys.preview, keys.watermarked))
    await context.storage.write(preview, made.watermarked.preview, CONTENT_TYPE)
    for screen in SCREENS:
        key = keys.screen(project_id, photo_id, version, screen.name)
        await context.storage.write(key, made.watermarked.screens[screen], screen.format.content_type)
    await context.storage.write(deliverable, made.watermarked.deliverable, CONTENT_TYPE)
    names = {"preview_key": preview, "watermarked_key": deliverable, "watermark_version": made.version}
    return {**names, "blur_version": made.blur_version, **await _write_unmarked(context, photo, made)}


async def _write_unmarked(context: JobContext, photo: Photo, made: Rendering) -> dict[str, object]:
    """What carries no mark changes with the blurred faces only, and then lies with the rest."""
    if made.blur_version is None and photo.blur_version is None:
        return {}
    place = photo.project_id, photo.id
    thumbnail, cleared = keys.thumbnail(*place), None
    if made.cleared is not None:
        thumbnail = keys.blurred_thumbnail(*place, made.files_version)
        cleared = keys.cleared(*place, made.files_version)
        await context.storage.write(cleared, made.cleared, CONTENT_TYPE)
    await context.storage.write(thumbnail, made.thumbnail.jpeg, CONTENT_TYPE)
    return {"thumbnail_key": thumbnail, "cleared_key": cleared, "thumbhash": made.thumbnail.thumbhash}


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


async def _is_wanted(session: AsyncSession, photo_id: UUID, made: Rendering) -> bool:
    """Whether these faces, and no others, are to be blurred. Who decides locks the photo as well."""
    if blur_version_of(await blurred_boxes(session, photo_id)) == made.blur_version:
        return True
    await enqueue(session, BLUR_PHOTO, PhotoJob(photo_id=photo_id), dedupe_key=str(photo_id))
    return False


async def _tell_of_blur(session: AsyncSession, photo_id: UUID) -> None:
    """Archives that hold the photo as it was are built anew, and screens load it again."""
    for purchase_id in await restart_archives_with(session, photo_id):
        payload = ArchiveJob(purchase_id=purchase_id)
        await enqueue(session, BUILD_ARCHIVE, payload, dedupe_key=str(purchase_id))
    await announce_photo(session, photo_id)


async def _purge_later(session: AsyncSession, photo: Photo, made: Rendering) -> None:
    """Of a face that is not to be seen nothing waits."""
    before = photo.files_version
    if before is None or before == made.files_version:
        return
    payload = DerivativesJob(photo_id=photo.id, version=before)
    kept = KEPT if photo.blur_version == made.blur_version else timedelta(0)
    key = f"{photo.id}:{before}:{kept.days}"
    await enqueue(session, PURGE_DERIVATIVES, payload, dedupe_key=key, run_at=utc_now() + kept)
