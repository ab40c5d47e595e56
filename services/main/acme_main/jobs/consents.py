"""renew_consents: who agreed to an older text is asked again; what is left unanswered ends."""

from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_core.retention import RetentionPolicy
from acme_db.engine import SessionFactory
from acme_db.models import AuditAction, ErasureCause, ErasureReceipt
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import PURGE_BIOMETRICS, SEND_EMAIL, EmailJob, ErasureJob
from acme_jobs.outbox import enqueue
from acme_mail.templates import MailTemplate
from acme_main.jobs import consent_queries as queries

log = structlog.get_logger()

BATCH = 500


class ConsentJobs:
    def __init__(self, sessions: SessionFactory, policy: RetentionPolicy) -> None:
        self._sessions = sessions
        self._policy = policy

    async def renew_consents(self) -> dict[str, int]:
        """How many were asked again, and how many ended; a batch is a transaction."""
        counts = {"asked": 0, "lapsed": 0}
        while asked := await self._ask_again():
            counts["asked"] += asked
        while lapsed := await self._end_unanswered():
            counts["lapsed"] += lapsed
        if any(counts.values()):
            log.info("consents_renewed", **counts)
        return counts

    async def _ask_again(self) -> int:
        async with unit_of_work(self._sessions) as session:
            guests = await queries.supersede(session, BATCH)
            for user_id in guests:
                mail = EmailJob(template=MailTemplate.CONSENT_CHANGED, role="user", recipient_id=user_id)
                await enqueue(session, SEND_EMAIL, mail)
        return len(guests)

    async def _end_unanswered(self) -> int:
        async with unit_of_work(self._sessions) as session:
            guests = await queries.lapse(session, self._policy, BATCH)
            for user_id in guests:
                await erase_biometrics(session, user_id, ErasureCause.CONSENT_LAPSED)
        return len(guests)


async def erase_biometrics(session: AsyncSession, user_id: UUID, cause: ErasureCause) -> None:
    """As if the guest had withdrawn: with a receipt, which is mailed."""
    receipt = ErasureReceipt(user_id=user_id, cause=cause)
    session.add(receipt)
    await session.flush()  # the job needs the receipt's id
    record(session, AuditAction.CONSENT_REVOKED, None, user_id, cause=cause)
    await enqueue(session, PURGE_BIOMETRICS, ErasureJob(receipt_id=receipt.id))
