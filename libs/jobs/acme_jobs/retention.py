"""Rows of what has ended go after a while: jobs that failed stay longer, for people to read."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select

from acme_config.settings import JobSettings
from acme_db.engine import SessionFactory
from acme_db.models import JobState, OutboxJob, StripeEvent
from acme_db.unit_of_work import unit_of_work

BATCH = 5_000
"""In one transaction: after a large event there are millions, and a statement has its time."""


async def remove_ended(sessions: SessionFactory, settings: JobSettings) -> dict[str, int]:
    """How many went, of each state."""
    kept = {JobState.DONE: settings.done_kept_days, JobState.FAILED: settings.failed_kept_days}
    return {
        state: await _remove(
            sessions, OutboxJob, OutboxJob.state == state, OutboxJob.finished_at < _ago(days)
        )
        for state, days in kept.items()
    }


async def remove_stripe_events(sessions: SessionFactory, settings: JobSettings) -> int:
    """Those that have had their effect. A copy that came later still would find a payment that is settled."""
    old = StripeEvent.received_at < _ago(settings.stripe_events_kept_days)
    return await _remove(sessions, StripeEvent, StripeEvent.processed_at.is_not(None), old)


def _ago(days: int) -> ColumnElement[datetime]:
    return func.now() - timedelta(days=days)


async def _remove(
    sessions: SessionFactory, table: type[OutboxJob | StripeEvent], *conditions: ColumnElement[bool]
) -> int:
    old = select(table.id).where(*conditions).limit(BATCH).with_for_update(skip_locked=True)
    statement = delete(table).where(table.id.in_(old)).execution_options(synchronize_session=False)
    count = 0
    while True:
        async with unit_of_work(sessions) as session:
            removed = int(getattr(await session.execute(statement), "rowcount", 0))
        count += removed
        if removed < BATCH:
            return count
