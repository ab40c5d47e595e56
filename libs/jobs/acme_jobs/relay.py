"""Sweeps the outbox: pushes what the after-commit push missed, what the queue lost, what died half-way."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.engine import SessionFactory
from acme_db.models import JobState, OutboxJob
from acme_jobs.heartbeat import dead_workers
from acme_jobs.queue import ArqQueue, QueueConnection

log = structlog.get_logger()

BATCH = 500
GRACE = timedelta(seconds=2)
"""The producer's own push normally comes first."""
LOST_AFTER = timedelta(minutes=5)


async def relay_outbox(redis: QueueConnection, sessions: SessionFactory) -> int:
    """One sweep; returns how many jobs were pushed."""
    queue = ArqQueue(redis, sessions)
    if await queue.was_emptied():
        await _forget_pushes(sessions)
    async with sessions() as session, session.begin():
        waiting = await _waiting(session)
        running = await _running(session)
    if waiting:
        await queue.push_all(waiting)
    return len(waiting) + await _hand_back(redis, queue, running)


async def _hand_back(
    redis: QueueConnection, queue: ArqQueue, running: Sequence[tuple[UUID, str | None]]
) -> int:
    """The jobs of workers that no longer beat."""
    by_worker: dict[str, list[UUID]] = defaultdict(list)
    for job_id, worker in running:
        if worker is not None:
            by_worker[worker].append(job_id)
    dead = await dead_workers(redis, by_worker)
    for worker in sorted(dead):
        log.warning("jobs_handed_back", count=len(by_worker[worker]), worker=worker)
        await queue.hand_back(by_worker[worker], worker)
    return sum(len(by_worker[worker]) for worker in dead)


async def _waiting(session: AsyncSession) -> list[UUID]:
    statement = (
        select(OutboxJob.id)
        .where(
            OutboxJob.state == JobState.QUEUED,
            OutboxJob.run_at <= func.now() - GRACE,
            or_(OutboxJob.pushed_at.is_(None), OutboxJob.pushed_at < func.now() - LOST_AFTER),
        )
        .order_by(OutboxJob.run_at)
        .limit(BATCH)
    )
    return list((await session.scalars(statement)).all())


async def _running(session: AsyncSession) -> list[tuple[UUID, str | None]]:
    statement = select(OutboxJob.id, OutboxJob.worker).where(OutboxJob.state == JobState.RUNNING)
    return [(job_id, worker) for job_id, worker in (await session.execute(statement)).all()]


async def _forget_pushes(sessions: SessionFactory) -> None:
    async with sessions() as session, session.begin():
        await session.execute(
            update(OutboxJob)
            .where(OutboxJob.state.in_([JobState.QUEUED, JobState.RUNNING]))
            .values(state=JobState.QUEUED, pushed_at=None, worker=None)
        )
