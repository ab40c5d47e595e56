import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import structlog
from arq.connections import ArqRedis, create_pool
from arq.connections import RedisSettings as ArqRedisSettings
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.sql import func

from acme_config.settings import RedisSettings
from acme_db.engine import SessionFactory
from acme_db.models import JobState, OutboxJob
from acme_jobs.addresses import SentinelAddress, close_pool
from acme_jobs.batching.grouping import Grouped
from acme_jobs.batching.scripts import NewJob, QueueWriter, hand_back, owners
from acme_jobs.heartbeat import dead_workers
from acme_jobs.time_outs import give_up_after

log = structlog.get_logger()

QueueConnection = ArqRedis
QueueError = RedisError
"""Both for those who hold a connection and need not know whose it is."""

ANSWER_WITHIN_S = 10.0
"""Longer than any command of ours takes, waits of `BLPOP` included."""

_EPOCH_KEY = "acme:queue-epoch"


def serialize(value: dict[str, Any]) -> bytes:
    return json.dumps(value, default=repr, separators=(",", ":")).encode()


def deserialize(raw: bytes) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(raw)
    return value


def arq_settings(settings: RedisSettings) -> ArqRedisSettings:
    url = settings.url.get_secret_value()
    sentinel = SentinelAddress.parsed(url)
    dsn = ArqRedisSettings.from_dsn(url) if sentinel is None else sentinel.for_arq()
    dsn.conn_timeout = 5
    dsn.conn_retries = 30
    return dsn


async def connect_queue(settings: RedisSettings) -> ArqRedis:
    redis = await create_pool(arq_settings(settings), job_serializer=serialize, job_deserializer=deserialize)
    # arq has no setting for it: the connection that it has tried goes, those that follow are given up in time
    pool = redis.connection_pool
    give_up_after(pool, ANSWER_WITHIN_S)
    await pool.disconnect()
    pool.reset()  # type: ignore[no-untyped-call] # redis-py says no types of it
    return redis


async def waiting_jobs(redis: ArqRedis, queue: str) -> int:
    """That were pushed and have not ended: one look, however many they are."""
    return int(await redis.zcard(queue))


async def disconnect(redis: ArqRedis) -> None:
    await redis.aclose()
    await close_pool(redis.connection_pool)


def limits_pool(settings: RedisSettings, answer_within_s: float) -> ConnectionPool:
    """For what must not wait for a Redis that is away."""
    url = settings.url.get_secret_value()
    connecting = {"socket_connect_timeout": answer_within_s}
    sentinel = SentinelAddress.parsed(url)
    pool = ConnectionPool.from_url(url, **connecting) if sentinel is None else sentinel.pool(**connecting)
    give_up_after(pool, answer_within_s)
    return pool


class ArqQueue:
    """Pushes outbox rows to arq. Pushing twice is harmless: an id that the queue already holds is dropped."""

    def __init__(self, redis: ArqRedis, sessions: SessionFactory) -> None:
        self._redis = redis
        self._sessions = sessions
        self._writer = QueueWriter(redis)
        self._pushes = Grouped(self._writer.push)

    async def push(self, jobs: Sequence[NewJob]) -> None:
        """That they are pushed is not noted: most have started before that were written."""
        try:
            await self._pushes.add(*jobs)
        except (RedisError, OSError) as error:
            log.warning("job_push_failed", count=len(jobs), error=type(error).__name__)

    async def push_again(self, jobs: Sequence[NewJob]) -> int:
        """For the relay: notes what it has pushed, and returns how many.

        A job that somebody has taken from the queue, but not from the outbox yet, is no push of ours:
        it is looked at again until it runs, or until its worker is dead and it is handed back.
        """
        held_by = dict(zip(jobs, await owners(self._redis, [job.id for job in jobs]), strict=True))
        dead = await dead_workers(self._redis, {owner for owner in held_by.values() if owner is not None})
        await self._release([job for job, owner in held_by.items() if owner in dead], held_by)
        pushed = [job for job, owner in held_by.items() if owner is None or owner in dead]
        await self._writer.push(pushed)
        await self._update([UUID(job.id) for job in pushed], JobState.QUEUED, {"pushed_at": func.now()})
        return len(pushed)

    async def hand_back(self, job_ids: Sequence[UUID], dead_worker: str) -> None:
        """Give the jobs of a dead worker to another one, without waiting for arq's own time-out."""
        async with self._sessions() as session:
            statement = select(OutboxJob).where(OutboxJob.id.in_(job_ids), OutboxJob.worker == dead_worker)
            rows = (await session.scalars(statement)).all()
        jobs = [NewJob(str(row.id), row.name, row.queue) for row in rows]
        await self._release(jobs, dict.fromkeys(jobs, dead_worker))
        await self._writer.push(jobs)
        ids = [row.id for row in rows]
        await self._update(ids, JobState.RUNNING, {"worker": None}, OutboxJob.worker == dead_worker)

    async def was_emptied(self) -> bool:
        """True when the queue has lost its memory, or has never been used, until `refilled` is said."""
        return not await self._redis.exists(_EPOCH_KEY)

    async def refilled(self) -> None:
        await self._redis.set(_EPOCH_KEY, "1")

    async def _release(self, jobs: Sequence[NewJob], held_by: Mapping[NewJob, str | None]) -> None:
        by_holder: dict[tuple[str, str], list[str]] = defaultdict(list)
        for job in jobs:
            by_holder[job.queue, held_by[job] or ""].append(job.id)
        for (queue, owner), ids in by_holder.items():
            await hand_back(self._redis, queue, owner, ids)

    async def _update(
        self,
        job_ids: Sequence[UUID],
        state: JobState,
        values: dict[str, Any],
        *conditions: ColumnElement[bool],
    ) -> None:
        """A job that another worker has claimed in the meantime is left alone."""
        statement = update(OutboxJob).where(OutboxJob.id.in_(job_ids), OutboxJob.state == state, *conditions)
        async with self._sessions() as session, session.begin():
            await session.execute(statement.values(**values))
