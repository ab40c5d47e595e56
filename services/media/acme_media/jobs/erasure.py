"""purge_biometrics: erase, retry until the provider confirms, and write down what was erased."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from acme_core.clock import utc_now
from acme_db.models import ErasureReceipt, ProviderFace, Selfie
from acme_db.models.erasure_receipt import ErasureState
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import SEND_EMAIL, EmailJob, ErasureJob
from acme_jobs.outbox import enqueue
from acme_mail.templates import MailTemplate
from acme_media.faces.engine import FaceEngine
from acme_media.jobs import member_queries as queries
from acme_media.jobs.context import JobContext
from acme_storage import keys


class ErasureJobs:
    def __init__(self, context: JobContext, engine: FaceEngine) -> None:
        self._context = context
        self._engine = engine

    async def purge_biometrics(self, job: ErasureJob) -> None:
        """Objects and provider first, rows last: a run that breaks off finds again what is left."""
        async with self._context.sessions() as session:
            receipt = await queries.get_receipt(session, job.receipt_id)
            if receipt is None or receipt.state == ErasureState.COMPLETED:
                return
            selfies = await queries.selfies_to_erase(session, receipt.user_id, receipt.selfie_id)
            faces = await queries.provider_faces(session, [selfie.id for selfie in selfies])
        await self._forget(faces)
        objects = await self._delete_objects(selfies)
        await self._complete(receipt, selfies, len(faces), objects)

    async def _forget(self, faces: Sequence[ProviderFace]) -> None:
        by_project: dict[UUID, list[str]] = defaultdict(list)
        for face in faces:
            by_project[face.project_id].append(face.face_id)
        for project_id, face_ids in by_project.items():
            await self._engine.forget(project_id, face_ids)

    async def _delete_objects(self, selfies: Sequence[Selfie]) -> int:
        deleted = 0
        for selfie in selfies:
            deleted += await self._context.storage.delete_prefix(
                keys.selfie_prefix(selfie.user_id, selfie.id)
            )
        return deleted

    async def _complete(
        self, known: ErasureReceipt, selfies: Sequence[Selfie], faces: int, objects: int
    ) -> None:
        async with unit_of_work(self._context.sessions) as session:
            receipt = await queries.get_receipt(session, known.id)
            if receipt is None or receipt.state == ErasureState.COMPLETED:
                return
            await queries.erase_selfies(session, [selfie.id for selfie in selfies])
            tags = 0
            if not await queries.has_template(session, receipt.user_id):
                tags = await queries.erase_automatic_tags(session, receipt.user_id)
            receipt.state, receipt.completed_at = ErasureState.COMPLETED, utc_now()
            receipt.erased = {
                "selfies": len(selfies),
                "templates": sum(selfie.embedding is not None for selfie in selfies),
                "provider_faces": faces,
                "objects": objects,
                "automatic_tags": tags,
            }
            await enqueue(session, SEND_EMAIL, _mail(receipt))


def _mail(receipt: ErasureReceipt) -> EmailJob:
    return EmailJob(
        template=MailTemplate.ERASURE_RECEIPT,
        role="user",
        recipient_id=receipt.user_id,
        subject_id=receipt.id,
    )
