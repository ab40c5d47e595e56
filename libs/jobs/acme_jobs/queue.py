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
from sqlalchemy import update
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
        owned_by = dict(zip(jobs, await owners(self._redis, [job.id for job in jobs]), strict=True))
        held_by = {job: owner for job, owner in owned_by.items() if owner is not None}
        dead = await dead_workers(self._redis, set(held_by.values()))
        await self.release({job: owner for job, owner in held_by.items() if owner in dead})
        pushed = [job for job in jobs if job not in held_by or held_by[job] in dead]
        await self._writer.push(pushed)
        await self._note(pushed)
        return len(pushed)

    async def may_have_forgotten(self) -> bool:
        """Until `is_told_anew` is said: it was emptied, or another server stands in the place of the last.

        One that was killed, or a replica, may lack the last writes; so may one that was never used.
        """
        return bool(await self._redis.get(_EPOCH_KEY) != await self._server())

    async def is_told_anew(self) -> None:
        await self._redis.set(_EPOCH_KEY, await self._server())

    async def _server(self) -> bytes:
        """The same for as long as the server runs."""
        return str((await self._redis.info("server")).get("run_id", "")).encode()

    async def release(self, held_by: Mapping[NewJob, str]) -> None:
        """What these workers hold, others may claim: nobody waits until a lease has run out."""
        by_holder: dict[tuple[str, str], list[str]] = defaultdict(list)
        for job, owner in held_by.items():
            by_holder[job.queue, owner].append(job.id)
        for (queue, owner), ids in by_holder.items():
            await hand_back(self._redis, queue, owner, ids)

    async def _note(self, pushed: Sequence[NewJob]) -> None:
        """Of one that a worker has taken from the outbox in the meantime there is nothing to note."""
        ids = [UUID(job.id) for job in pushed]
        statement = update(OutboxJob).where(OutboxJob.id.in_(ids), OutboxJob.state == JobState.QUEUED)
        async with self._sessions() as session, session.begin():
            await session.execute(statement.values(pushed_at=func.now()))
