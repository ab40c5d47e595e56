"""Rows of ended jobs go after a while: those that failed stay longer, for people to read."""

from datetime import timedelta

from sqlalchemy import delete, func, select

from acme_config.settings import JobSettings
from acme_db.engine import SessionFactory
from acme_db.models import JobState, OutboxJob
from acme_db.unit_of_work import unit_of_work

BATCH = 5_000
"""In one transaction: after a large event there are millions, and a statement has its time."""


async def remove_ended(sessions: SessionFactory, settings: JobSettings) -> dict[str, int]:
    """How many went, of each state."""
    kept = {JobState.DONE: settings.done_kept_days, JobState.FAILED: settings.failed_kept_days}
    return {state: await _remove(sessions, state, timedelta(days=days)) for state, days in kept.items()}


async def _remove(sessions: SessionFactory, state: JobState, kept: timedelta) -> int:
    old = (
        select(OutboxJob.id)
        .where(OutboxJob.state == state, OutboxJob.finished_at < func.now() - kept)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    statement = delete(OutboxJob).where(OutboxJob.id.in_(old)).execution_options(synchronize_session=False)
    count = 0
    while True:
        async with unit_of_work(sessions) as session:
            removed = int(getattr(await session.execute(statement), "rowcount", 0))
        count += removed
        if removed < BATCH:
            return count
