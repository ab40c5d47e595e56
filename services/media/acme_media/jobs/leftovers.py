"""What a failed run has left of a face that nobody may keep: found every night, whatever the engine."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from acme_auth.audit import record
from acme_core.clock import utc_now
from acme_db.models import AuditAction, ErasureReceipt
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import PURGE_BIOMETRICS, ErasureJob
from acme_jobs.outbox import enqueue
from acme_media.jobs import erasure_queries as queries
from acme_media.jobs.context import JobContext
from acme_storage.gateway import ListedObject

log = structlog.get_logger()

SETTLED = timedelta(minutes=10)
"""A selfie that is being sent, or erased, touches its row and its objects at different times."""
USERS = "users/"


class Leftovers:
    def __init__(self, context: JobContext, *, settled: timedelta = SETTLED) -> None:
        self._context = context
        self._settled = settled

    async def clear(self) -> None:
        await self._erase_left_behind()
        await self._go_on_with_stalled()
        await self._delete_ownerless()

    async def _erase_left_behind(self) -> None:
        """Templates without a consent go the way of a withdrawal: with a receipt."""
        async with unit_of_work(self._context.sessions) as session:
            for user_id in await queries.left_behind(session):
                receipt = ErasureReceipt(user_id=user_id)
                session.add(receipt)
                await session.flush()  # the job needs the receipt's id
                record(session, AuditAction.CONSENT_REVOKED, None, user_id, cause="left_behind")
                await enqueue(session, PURGE_BIOMETRICS, ErasureJob(receipt_id=receipt.id))
                log.warning("biometrics_left_behind", user_id=str(user_id))

    async def _go_on_with_stalled(self) -> None:
        async with unit_of_work(self._context.sessions) as session:
            for receipt_id in await queries.stalled_erasures(session, self._settled):
                payload = ErasureJob(receipt_id=receipt_id)
                await enqueue(session, PURGE_BIOMETRICS, payload, dedupe_key=str(receipt_id))
                log.warning("erasure_goes_on", receipt_id=str(receipt_id))

    async def _delete_ownerless(self) -> None:
        """Rows are read after the objects: a selfie that is sent meanwhile has its row."""
        stored = await self._context.storage.list_objects(USERS)
        async with self._context.sessions() as session:
            known = await queries.known_selfies(session)
        left = _ownerless(stored, known, utc_now() - self._settled)
        if left:
            await self._context.storage.delete(left)
            log.warning("stray_selfies_deleted", count=len(left))


def _ownerless(stored: Iterable[ListedObject], known: set[UUID], settled: datetime) -> list[str]:
    owned = {None, *known}
    return [item.key for item in stored if item.modified_at < settled and _selfie_of(item.key) not in owned]


def _selfie_of(key: str) -> UUID | None:
    """`users/<user>/selfies/<selfie>/...`; None for what is no selfie's."""
    parts = key.split("/")
    try:
        return UUID(parts[3]) if parts[2] == "selfies" else None
    except (IndexError, ValueError):
        return None
