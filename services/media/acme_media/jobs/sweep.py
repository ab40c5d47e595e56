"""sweep_uploads: completes what the browser forgot, and expires what never came."""

import structlog

from acme_core.clock import utc_now
from acme_db.models import Photo, Selfie
from acme_db.unit_of_work import unit_of_work
from acme_media.jobs.context import JobContext
from acme_media.photos import queries as photos
from acme_media.photos.announcements import announce_photo
from acme_media.photos.completion import accept_upload as accept_photo
from acme_media.selfies import queries as selfies
from acme_media.selfies.service import accept_upload as accept_selfie
from acme_storage.gateway import ObjectMissing

log = structlog.get_logger()

BATCH = 200


class SweepJobs:
    def __init__(self, context: JobContext) -> None:
        self._context = context

    async def sweep_uploads(self) -> None:
        async with self._context.sessions() as session:
            overdue: list[Photo | Selfie] = [
                *await photos.list_overdue(session, BATCH),
                *await selfies.list_overdue(session, BATCH),
            ]
        for item in overdue:
            await self._settle(item)

    async def _settle(self, item: Photo | Selfie) -> None:
        try:
            stored = await self._context.storage.head(item.storage_key)
        except ObjectMissing:
            if item.upload_expires_at <= utc_now():
                await self._expire(item)
            return
        log.info("forgotten_upload_completed", id=str(item.id))
        async with unit_of_work(self._context.sessions) as session:
            if isinstance(item, Photo):
                await accept_photo(session, item.id, stored)
            else:
                await accept_selfie(session, item.id, stored)

    async def _expire(self, item: Photo | Selfie) -> None:
        async with unit_of_work(self._context.sessions) as session:
            if isinstance(item, Photo):
                if await photos.expire_upload(session, item.id):
                    await announce_photo(session, item.id)
            else:
                await selfies.expire_upload(session, item.id)
