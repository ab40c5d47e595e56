"""How the queues are, as the outbox and the heartbeats tell it: for the metrics and for the status page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from acme_db.models import JobState, OutboxJob
from acme_jobs.relay import GRACE

_UNFINISHED = text("state IN ('queued', 'running')")
_RUNNING = text("state IN ('queued', 'running') AND state = 'running'")
_FAILED = text("state IN ('done', 'failed') AND state = 'failed'")
"""Written out as the partial indexes are: of a parameter no generic plan knows that an index serves."""

MOST_TOLD = 200


@dataclass(frozen=True)
class JobsOfAName:
    """Unfinished ones."""

    queue: str
    name: str
    waiting: int
    """Whose time has come."""
    scheduled: int
    running: int
    unpushed: int
    """Waiting, and not seen by the relay yet."""
    oldest_s: float
    """Since when the oldest of those that wait might have run; 0 where none waits."""


@dataclass(frozen=True)
class DeadJobs:
    name: str
    count: int
    last_at: datetime | None


@dataclass(frozen=True)
class RunningJob:
    id: UUID
    name: str
    worker: str | None
    started_at: datetime | None
    attempts: int


async def unfinished_jobs(session: AsyncSession | AsyncConnection) -> list[JobsOfAName]:
    is_queued = OutboxJob.state == JobState.QUEUED
    is_waiting = and_(is_queued, OutboxJob.run_at <= func.now())
    is_unpushed = and_(is_queued, OutboxJob.pushed_at.is_(None), OutboxJob.run_at < func.now() - GRACE)
    oldest = func.min(OutboxJob.run_at).filter(is_waiting)
    statement = (
        select(
            OutboxJob.queue,
            OutboxJob.name,
            _count(is_waiting),
            _count(and_(is_queued, OutboxJob.run_at > func.now())),
            _count(OutboxJob.state == JobState.RUNNING),
            _count(is_unpushed),
            func.coalesce(func.extract("epoch", func.now() - oldest), 0),
        )
        .where(_UNFINISHED)
        .group_by(OutboxJob.queue, OutboxJob.name)
        .order_by(OutboxJob.queue, OutboxJob.name)
    )
    return [JobsOfAName(*row[:6], float(row[6])) for row in (await session.execute(statement)).all()]


async def running_jobs(session: AsyncSession | AsyncConnection) -> Sequence[RunningJob]:
    """The oldest of them."""
    statement = (
        select(OutboxJob.id, OutboxJob.name, OutboxJob.worker, OutboxJob.started_at, OutboxJob.attempts)
        .where(_RUNNING)
        .order_by(OutboxJob.started_at)
        .limit(MOST_TOLD)
    )
    return [RunningJob(*row) for row in (await session.execute(statement)).all()]


async def dead_jobs(session: AsyncSession | AsyncConnection) -> Sequence[DeadJobs]:
    statement = (
        select(OutboxJob.name, func.count(), func.max(OutboxJob.finished_at))
        .where(_FAILED)
        .group_by(OutboxJob.name)
        .order_by(OutboxJob.name)
    )
    return [DeadJobs(*row) for row in (await session.execute(statement)).all()]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)
