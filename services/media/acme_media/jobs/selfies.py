"""process_selfie: the gate, the template, and the search through what is there already."""

import asyncio
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from acme_core.clock import utc_now
from acme_core.selfies import Rejection
from acme_db.consents import has_active_consent
from acme_db.models import Selfie
from acme_db.models.selfie import SelfieStatus
from acme_db.models.user_consent import ConsentType
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import SEND_EMAIL, EmailJob, SelfieJob
from acme_jobs.outbox import enqueue
from acme_mail.templates import MailTemplate
from acme_media.faces.engine import FaceEngine, PermanentFaceError
from acme_media.faces.selfie_gate import judge
from acme_media.faces.values import FoundFace
from acme_media.images.decode import load_upright
from acme_media.images.rejection import ImageRejectedError
from acme_media.jobs import member_queries as queries
from acme_media.jobs.backfill import search_everywhere
from acme_media.jobs.context import JobContext
from acme_media.jobs.recognition import CROP_TYPE
from acme_media.selfies.announcements import announce_selfie
from acme_storage import keys
from acme_storage.gateway import ObjectMissing

log = structlog.get_logger()

SELFIE_SIDE = 1600


class SelfieJobs:
    def __init__(self, context: JobContext, engine: FaceEngine) -> None:
        self._context = context
        self._engine = engine

    async def process_selfie(self, job: SelfieJob) -> None:
        async with self._context.sessions() as session:
            selfie = await queries.get_selfie(session, job.selfie_id)
            if selfie is not None and selfie.status == SelfieStatus.REJECTED:
                await self._discard(selfie)
            if selfie is None or selfie.status != SelfieStatus.PENDING or selfie.deleted_at is not None:
                return
            if not await has_active_consent(session, selfie.user_id, ConsentType.BIOMETRIC_PROCESSING):
                return
        judged = await self._judge(selfie)
        if isinstance(judged, Rejection):
            await self._reject(selfie.id, judged)
            return
        key = keys.selfie_crop(selfie.user_id, selfie.id)
        await self._context.storage.write(key, judged.crop, CROP_TYPE)
        embedding = await self._engine.template(judged.crop)
        if not await self._approve(selfie.id, judged, key, embedding):
            await self._discard(selfie)  # it was erased meanwhile, and the crop was written after that

    async def give_up(self, job: SelfieJob) -> None:
        await self._reject(job.selfie_id, Rejection.PROCESSING_FAILED)

    async def _judge(self, selfie: Selfie) -> FoundFace | Rejection:
        try:
            async with self._context.fetched(selfie.storage_key) as path:
                picture = await asyncio.to_thread(
                    load_upright, path, max_pixels=self._context.limits.max_pixels, max_side=SELFIE_SIDE
                )
            return judge(await self._engine.find_faces(picture))
        except ObjectMissing:
            return Rejection.FILE_MISSING
        except (ImageRejectedError, PermanentFaceError) as error:
            log.info("selfie_refused", selfie_id=str(selfie.id), reason=str(error))
            return Rejection.NOT_AN_IMAGE

    async def _approve(
        self, selfie_id: UUID, face: FoundFace, crop_key: str, embedding: list[float] | None
    ) -> bool:
        """The template is committed with the searches that it is for, one for each joined project.

        False when the selfie may not be kept any more: deleted, or its consent withdrawn.
        """
        async with unit_of_work(self._context.sessions) as session:
            selfie = await queries.get_selfie(session, selfie_id, lock=True)
            if selfie is None or not await _may_be_kept(session, selfie):
                return False
            if selfie.status != SelfieStatus.PENDING:
                return True
            selfie.status = SelfieStatus.APPROVED
            selfie.embedding, selfie.crop_key = embedding, crop_key
            selfie.engine, selfie.quality_score = self._engine.version, face.score
            selfie.processed_at = utc_now()
            announce_selfie(session, selfie)
            await search_everywhere(session, selfie.user_id)
        return True

    async def _reject(self, selfie_id: UUID, reason: Rejection) -> None:
        async with unit_of_work(self._context.sessions) as session:
            selfie = await queries.get_selfie(session, selfie_id, lock=True)
            if selfie is None or selfie.status != SelfieStatus.PENDING:
                return
            selfie.status, selfie.rejection_reason = SelfieStatus.REJECTED, reason
            selfie.processed_at = utc_now()
            announce_selfie(session, selfie)
            mail = EmailJob(
                template=MailTemplate.SELFIE_REJECTED,
                role="user",
                recipient_id=selfie.user_id,
                subject_id=selfie.id,
            )
            await enqueue(session, SEND_EMAIL, mail)
        await self._discard(selfie)

    async def _discard(self, selfie: Selfie) -> None:
        """Of a selfie that is of no use nothing is kept."""
        await self._context.storage.delete_prefix(keys.selfie_prefix(selfie.user_id, selfie.id))


async def _may_be_kept(session: AsyncSession, selfie: Selfie) -> bool:
    consents = await has_active_consent(session, selfie.user_id, ConsentType.BIOMETRIC_PROCESSING)
    return consents and selfie.deleted_at is None
