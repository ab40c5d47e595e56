"""Two accounts of one event whose selfies show the same face: somebody may have sent another's."""

from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_db.models import AuditAction
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import SEND_EMAIL, EmailJob, MembershipJob
from acme_jobs.outbox import enqueue
from acme_mail.templates import MailTemplate
from acme_media.faces.engine import FaceEngine
from acme_media.faces.values import Candidate
from acme_media.jobs import lookalike_queries as queries
from acme_media.jobs.context import JobContext
from acme_media.jobs.photo_queries import project_bounds

log = structlog.get_logger()


class Lookalikes:
    def __init__(self, context: JobContext, engine: FaceEngine, certain: float) -> None:
        """`certain` is the platform's bound; a project may have its own."""
        self._context = context
        self._engine = engine
        self._certain = certain

    async def look_for(self, job: MembershipJob, selfies: Sequence[bytes]) -> None:
        """Every pair is told of once. It is told of, and not decided: there are twins."""
        found = await self._engine.search(job.project_id, selfies)
        others = [item for some in found for item in some if item.user_id != job.user_id]
        if not others:
            return
        async with unit_of_work(self._context.sessions) as session:
            certain = (await project_bounds(session, job.project_id))[0] or self._certain
            for user_id, confidence in _best(others).items():
                if confidence >= certain:
                    await _tell(session, job, user_id, confidence)


async def _tell(session: AsyncSession, job: MembershipJob, other: UUID, confidence: float) -> None:
    pair = min(job.user_id, other), max(job.user_id, other)
    conflict_id = await queries.add_conflict(session, job.project_id, pair, confidence)
    if conflict_id is None:
        return
    record(session, AuditAction.SELFIES_ALIKE, None, conflict_id, project=str(job.project_id))
    mail = EmailJob(
        template=MailTemplate.SELFIES_ALIKE,
        role="operator",
        recipient_id=await queries.operator_of(session, job.project_id),
        subject_id=job.project_id,
    )
    await enqueue(session, SEND_EMAIL, mail)
    log.warning("selfies_alike", conflict_id=str(conflict_id), project_id=str(job.project_id))


def _best(candidates: Sequence[Candidate]) -> dict[UUID, float]:
    ordered = sorted(candidates, key=lambda item: item.confidence)
    return {item.user_id: item.confidence for item in ordered}
