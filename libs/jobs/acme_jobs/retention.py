"""Rows of what has ended go after a while: jobs that failed stay longer, for people to read."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func

from acme_config.settings import JobSettings
from acme_db.engine import SessionFactory
from acme_db.models import JobState, OutboxJob
from acme_db.removal import remove_in_batches

BATCH = 5_000
"""After a large event there are millions."""


async def remove_ended(sessions: SessionFactory, settings: JobSettings) -> dict[str, int]:
    """How many went, of each state."""
    kept = {JobState.DONE: settings.done_kept_days, JobState.FAILED: settings.failed_kept_days}
    return {
        state: await remove_in_batches(
            sessions, OutboxJob, OutboxJob.state == state, OutboxJob.finished_at < _ago(days), batch=BATCH
        )
        for state, days in kept.items()
    }


def _ago(days: int) -> ColumnElement[datetime]:
    return func.now() - timedelta(days=days)
