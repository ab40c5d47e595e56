"""purge_biometrics: erase, retry until the provider confirms, and write down what was erased."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_core.clock import utc_now
from acme_db.models import AuditAction, ErasureReceipt, ProviderFace, Selfie
from acme_db.models.erasure_receipt import ErasureState
from acme_db.unit_of_work import unit_of_work
from acme_events import channels
from acme_events.catalogue import ErasureCompleted
from acme_events.publisher import announce, forget
from acme_jobs.catalogue import SEND_EMAIL, EmailJob, ErasureJob
from acme_jobs.outbox import enqueue
from acme_mail.templates import MailTemplate
from acme_media.faces.provider import FaceProvider
from acme_media.jobs import erasure_queries
from acme_media.jobs import member_queries as queries
from acme_media.jobs.backfill import search_everywhere
from acme_media.jobs.context import JobContext
from acme_media.jobs.erasure_queries import FaceInPhoto
from acme_storage import keys


@dataclass(frozen=True)
class Erased:
    """What a run has found, and taken away outside the database."""

    selfies: Sequence[Selfie]
    faces: Sequence[ProviderFace]
    archives: Sequence[UUID]
    in_photos: Sequence[FaceInPhoto]
    objects: int
    events: int

    def counts(self, receipt: ErasureReceipt, rows: "ErasedRows") -> dict[str, int]:
        found = {
            "selfies": len(self.selfies),
            "templates": sum(selfie.embedding is not None for selfie in self.selfies) + rows.learned,
            "provider_faces": len(self.faces),
            "face_vectors": rows.vectors,
            "objects": self.objects,
        }
        if not receipt.is_account:
            return {**found, "automatic_tags": rows.tags}
        return {
            **found,
            "archives": len(self.archives),
            "tags": rows.tags,
            "face_crops": len(self.in_photos),
            "queued_mails": rows.mails,
            "live_events": self.events,
            "account": 1,
        }


@dataclass
class ErasedRows:
    tags: int = 0
    learned: int = 0
    vectors: int = 0
    mails: int = 0


class ErasureJobs:
    def __init__(self, context: JobContext, provider: FaceProvider) -> None:
        """The provider is asked whatever engine works now: faces may be left there of another time."""
        self._context = context
        self._provider = provider

    async def purge_biometrics(self, job: ErasureJob) -> None:
        """Objects and provider first, rows last: a run that breaks off finds again what is left."""
        async with self._context.sessions() as session:
            receipt = await queries.get_receipt(session, job.receipt_id)
            if receipt is None or receipt.state == ErasureState.COMPLETED:
                return
            selfies = await queries.selfies_to_erase(session, receipt)
            faces = await queries.provider_faces(session, [selfie.id for selfie in selfies])
            archives = await queries.archives_of(session, receipt.user_id) if receipt.is_account else ()
            in_photos = await erasure_queries.faces_in_photos(session, receipt.user_id)
        await self._forget(faces)
        prefixes = [keys.selfie_prefix(selfie.user_id, selfie.id) for selfie in selfies]
        prefixes += [keys.archive(purchase_id) for purchase_id in archives]
        objects = [await self._context.storage.delete_prefix(prefix) for prefix in prefixes]
        events = 0
        if receipt.is_account:
            await self._context.storage.delete([face.crop_key for face in in_photos])
            events = await self._forget_events(receipt.user_id)
        await self._complete(receipt, Erased(selfies, faces, archives, in_photos, sum(objects), events))

    async def _forget_events(self, user_id: UUID) -> int:
        if self._context.redis is None:
            return 0
        return await forget(self._context.redis, channels.of_user(user_id))

    async def _forget(self, faces: Sequence[ProviderFace]) -> None:
        by_project: dict[UUID, list[str]] = defaultdict(list)
        for face in faces:
            by_project[face.project_id].append(face.face_id)
        for project_id, face_ids in by_project.items():
            await self._provider.forget(project_id, face_ids)

    async def _complete(self, known: ErasureReceipt, erased: Erased) -> None:
        async with unit_of_work(self._context.sessions) as session:
            receipt = await queries.get_receipt(session, known.id)
            if receipt is None or receipt.state == ErasureState.COMPLETED:
                return
            await queries.erase_selfies(session, [selfie.id for selfie in erased.selfies])
            await queries.erase_archives(session, erased.archives)
            rows = await _erase_rows(session, receipt, erased)
            receipt.state, receipt.completed_at = ErasureState.COMPLETED, utc_now()
            receipt.erased = erased.counts(receipt, rows)
            receipt.kept = await erasure_queries.kept_of(session, receipt)
            record(session, AuditAction.BIOMETRICS_ERASED, None, receipt.user_id, receipt=str(receipt.id))
            await enqueue(session, SEND_EMAIL, _mail(receipt))
            if not receipt.is_account:
                announce(session, ErasureCompleted(receipt_id=receipt.id), channels.of_user(receipt.user_id))


async def _erase_rows(session: AsyncSession, receipt: ErasureReceipt, erased: Erased) -> ErasedRows:
    """Another selfie of the guest's that stays keeps its matches; that of a new consent is matched anew."""
    rows = ErasedRows()
    has_template = await queries.has_template(session, receipt.user_id)
    if receipt.selfie_id is not None and has_template:
        return rows
    rows.learned = await queries.erase_learned(session, receipt.user_id)
    rows.vectors = await erasure_queries.erase_vectors(session, erased.in_photos)
    rows.tags = await queries.erase_tags(session, receipt.user_id, are_manual_too=receipt.is_account)
    await erasure_queries.erase_conflicts(session, receipt.user_id)
    if receipt.is_account:
        await erasure_queries.erase_faces(session, erased.in_photos)
        await erasure_queries.forget_hide_requests(session, receipt.user_id)
        rows.mails = await erasure_queries.drop_waiting_mails(session, receipt.user_id)
    elif has_template:
        await search_everywhere(session, receipt.user_id)
    return rows


def _mail(receipt: ErasureReceipt) -> EmailJob:
    return EmailJob(
        template=MailTemplate.ERASURE_RECEIPT,
        role="user",
        recipient_id=receipt.user_id,
        subject_id=receipt.id,
    )
