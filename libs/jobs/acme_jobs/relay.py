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
from acme_jobs.batching.scripts import NewJob
from acme_jobs.heartbeat import dead_workers
from acme_jobs.queue import ArqQueue, QueueConnection

log = structlog.get_logger()

BATCH = 500
BATCHES = 20
"""In one sweep. A batch of a backlog takes some 30 ms, and a missed push may be the last of them."""
GRACE = timedelta(seconds=2)
"""The producer's own push normally comes first."""
LOST_AFTER = timedelta(minutes=5)


async def relay_outbox(redis: QueueConnection, sessions: SessionFactory) -> int:
    """One sweep; returns how many jobs were pushed."""
    queue = ArqQueue(redis, sessions)
    if await queue.was_emptied():
        await _forget_pushes(sessions)
        await queue.refilled()  # not before: were the database away too, the next sweep must see it
    pushed = await _push_waiting(queue, sessions)
    async with sessions() as session:
        running = await _running(session)
    return pushed + await _hand_back(redis, queue, running)


async def _push_waiting(queue: ArqQueue, sessions: SessionFactory) -> int:
    """No lock is held while the queue is asked: a job pushed by two is held once."""
    count = 0
    for _ in range(BATCHES):
        async with sessions() as session:
            waiting = await _waiting(session)
        pushed = await queue.push_again(waiting) if waiting else 0
        count += pushed
        if pushed < BATCH:
            break
    return count


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


async def _waiting(session: AsyncSession) -> list[NewJob]:
    statement = (
        select(OutboxJob.id, OutboxJob.name, OutboxJob.queue, OutboxJob.run_at)
        .where(
            OutboxJob.state == JobState.QUEUED,
            OutboxJob.run_at <= func.now() - GRACE,
            or_(OutboxJob.pushed_at.is_(None), OutboxJob.pushed_at < func.now() - LOST_AFTER),
        )
        .order_by(OutboxJob.run_at)
        .limit(BATCH)
    )
    rows = (await session.execute(statement)).all()
    return [NewJob(str(row.id), row.name, row.queue, int(row.run_at.timestamp() * 1000)) for row in rows]


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
