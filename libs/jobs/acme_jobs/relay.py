"""Sweeps the outbox: pushes what the after-commit push missed, what the queue lost, what died half-way."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.engine import SessionFactory
from acme_db.models import JobState, OutboxJob
from acme_jobs.batching.scripts import NewJob
from acme_jobs.catalogue import CATALOGUE
from acme_jobs.contracts import CLAIM_MARGIN_S
from acme_jobs.heartbeat import dead_workers
from acme_jobs.queue import ArqQueue, QueueConnection

log = structlog.get_logger()

BATCH = 500
BATCHES = 20
"""In one sweep. A batch of a backlog takes some 30 ms, and a missed push may be the last of them."""
GRACE = timedelta(seconds=2)
"""The producer's own push normally comes first."""
LOST_AFTER = timedelta(minutes=5)
OVERDUE_AFTER_S = CLAIM_MARGIN_S + 30.0
"""After a job's time-out: both clocks that would have ended it have run out."""
TIMEOUTS_S = {str(contract.name): contract.timeout_s for contract in CATALOGUE}


@dataclass(frozen=True)
class Running:
    id: UUID
    worker: str
    is_overdue: bool


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


async def _hand_back(redis: QueueConnection, queue: ArqQueue, running: Sequence[Running]) -> int:
    """The jobs of workers that no longer beat, and those that nobody can be at any more."""
    dead = await dead_workers(redis, {job.worker for job in running})
    lost: dict[str, list[UUID]] = defaultdict(list)
    for job in running:
        if job.worker in dead or job.is_overdue:
            lost[job.worker].append(job.id)
    for worker, ids in sorted(lost.items()):
        log.warning("jobs_handed_back", count=len(ids), worker=worker, is_dead=worker in dead)
        await queue.hand_back(ids, worker)
    return sum(map(len, lost.values()))


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


async def _running(session: AsyncSession) -> list[Running]:
    """By the database's clock, as it started them. What has just been handed back is nobody's."""
    age_s = func.extract("epoch", func.now() - OutboxJob.started_at)
    statement = select(OutboxJob.id, OutboxJob.name, OutboxJob.worker, func.coalesce(age_s, 0)).where(
        OutboxJob.state == JobState.RUNNING
    )
    rows = (await session.execute(statement)).all()
    return [
        Running(job_id, worker, _is_overdue(name, float(age)))
        for job_id, name, worker, age in rows
        if worker is not None
    ]


def _is_overdue(name: str, age_s: float) -> bool:
    """Its worker has broken it off long since, and could not write that down."""
    timeout_s = TIMEOUTS_S.get(name)
    return timeout_s is not None and age_s > timeout_s + OVERDUE_AFTER_S


async def _forget_pushes(sessions: SessionFactory) -> None:
    async with sessions() as session, session.begin():
        await session.execute(
            update(OutboxJob)
            .where(OutboxJob.state.in_([JobState.QUEUED, JobState.RUNNING]))
            .values(state=JobState.QUEUED, pushed_at=None, worker=None)
        )
