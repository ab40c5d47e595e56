"""Sweeps the outbox: pushes what the after-commit push missed, what the queue lost, what died half-way."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.engine import SessionFactory
from acme_db.models import JobState, OutboxJob
from acme_jobs.batching.scripts import NewJob
from acme_jobs.catalogue import CATALOGUE
from acme_jobs.contracts import CLAIM_MARGIN_S
from acme_jobs.heartbeat import dead_workers
from acme_jobs.outbox import SUPERSEDED, has_ended, waits_again
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
    job: NewJob
    worker: str | None
    """None of one that has been handed over by a relay of before, and that nobody has taken."""
    is_overdue: bool


async def relay_outbox(redis: QueueConnection, sessions: SessionFactory) -> int:
    """One sweep; returns how many jobs were pushed."""
    queue = ArqQueue(redis, sessions)
    if await queue.may_have_forgotten():
        await _forget_pushes(sessions)
        await queue.is_told_anew()  # not before: were the database away too, the next sweep must see it
    await _hand_back(redis, queue, sessions)
    return await _push_waiting(queue, sessions)


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


async def _hand_back(redis: QueueConnection, queue: ArqQueue, sessions: SessionFactory) -> None:
    """The jobs of workers that no longer beat, and those that nobody can be at any more."""
    async with sessions() as session:
        running = await _running(session)
    dead = await dead_workers(redis, {each.worker for each in running if each.worker is not None})
    lost = [each for each in running if each.worker is None or each.worker in dead or each.is_overdue]
    for worker, count in Counter(each.worker for each in lost).items():
        log.warning("jobs_handed_back", count=count, worker=worker, is_dead=worker in dead)
    await queue.release({each.job: each.worker for each in lost if each.worker is not None})
    await _put_back(sessions, lost)


async def _put_back(sessions: SessionFactory, lost: Sequence[Running]) -> None:
    """Each by itself: of two of one key the first may wait, and the second has ended."""
    for each in lost:
        with suppress(IntegrityError):  # a newer one took the key at this moment: the next sweep sees it
            async with sessions() as session, session.begin():
                await _put_one_back(session, each)


async def _put_one_back(session: AsyncSession, lost: Running) -> None:
    job_id, worker = UUID(lost.job.id), OutboxJob.worker
    is_still_lost = and_(OutboxJob.state == JobState.RUNNING, worker.is_not_distinct_from(lost.worker))
    if await session.scalar(waits_again(job_id).where(is_still_lost)) is None:
        await session.execute(has_ended(job_id, JobState.DONE, SUPERSEDED).where(is_still_lost))


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
    """By the database's clock, as it started them."""
    age_s = func.coalesce(func.extract("epoch", func.now() - OutboxJob.started_at), 0)
    statement = select(OutboxJob.id, OutboxJob.name, OutboxJob.queue, OutboxJob.worker, age_s).where(
        OutboxJob.state == JobState.RUNNING
    )
    rows = (await session.execute(statement)).all()
    return [
        Running(NewJob(str(job_id), name, queue), worker, _is_overdue(name, float(age)))
        for job_id, name, queue, worker, age in rows
    ]


def _is_overdue(name: str, age_s: float) -> bool:
    """Its worker has broken it off long since, and could not write that down."""
    timeout_s = TIMEOUTS_S.get(name)
    return timeout_s is not None and age_s > timeout_s + OVERDUE_AFTER_S


async def _forget_pushes(sessions: SessionFactory) -> None:
    """What runs is left to its worker, and handed back if that is gone."""
    statement = update(OutboxJob).where(OutboxJob.state == JobState.QUEUED, OutboxJob.pushed_at.is_not(None))
    async with sessions() as session, session.begin():
        await session.execute(statement.values(pushed_at=None))
