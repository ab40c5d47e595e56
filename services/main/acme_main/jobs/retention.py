"""enforce_retention: guests who are not here any more, and archives that nobody fetches any more."""

from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_core.retention import RetentionPolicy, RetentionRule
from acme_db.engine import SessionFactory
from acme_db.models import ErasureCause, PurchaseArchive, User, UserConsent
from acme_db.retention import due
from acme_db.unit_of_work import unit_of_work
from acme_main.jobs.consents import erase_biometrics
from acme_storage import keys
from acme_storage.gateway import ObjectStorage

log = structlog.get_logger()

BATCH = 500


class RetentionJobs:
    def __init__(self, sessions: SessionFactory, storage: ObjectStorage, policy: RetentionPolicy) -> None:
        self._sessions = sessions
        self._storage = storage
        self._policy = policy

    async def enforce_retention(self) -> dict[str, int]:
        """How many went; a batch is a transaction."""
        counts = {"guests": 0, "archives": 0}
        while guests := await self._withdraw_for_the_inactive():
            counts["guests"] += guests
        while archives := await self._drop_archives():
            counts["archives"] += archives
        log.info("retention_enforced", **counts)
        return counts

    async def _withdraw_for_the_inactive(self) -> int:
        """As if they had withdrawn: with a receipt."""
        async with unit_of_work(self._sessions) as session:
            guests = await _lock_inactive(session, self._policy)
            await session.execute(
                update(UserConsent)
                .where(UserConsent.user_id.in_(guests), UserConsent.revoked_at.is_(None))
                .values(revoked_at=func.now())
                .execution_options(synchronize_session=False)
            )
            for user_id in guests:
                await erase_biometrics(session, user_id, ErasureCause.INACTIVE)
        return len(guests)

    async def _drop_archives(self) -> int:
        """Objects first: a row that is left finds its object again; an object alone is found by nobody."""
        async with self._sessions() as session:
            statement = due(RetentionRule.ARCHIVES, self._policy).limit(BATCH)
            found = (await session.scalars(statement)).all()
        await self._storage.delete([keys.archive(purchase_id) for purchase_id in found])
        async with unit_of_work(self._sessions) as session:
            still_due = due(RetentionRule.ARCHIVES, self._policy)
            await session.execute(
                delete(PurchaseArchive)
                .where(PurchaseArchive.purchase_id.in_(found), PurchaseArchive.purchase_id.in_(still_due))
                .execution_options(synchronize_session=False)
            )
        return len(found)


async def _lock_inactive(session: AsyncSession, policy: RetentionPolicy) -> Sequence[UUID]:
    found = due(RetentionRule.INACTIVE_GUESTS, policy)
    statement = select(User.id).where(User.id.in_(found)).limit(BATCH).with_for_update(skip_locked=True)
    return (await session.scalars(statement)).all()
