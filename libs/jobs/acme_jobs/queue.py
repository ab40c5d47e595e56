import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from arq.connections import ArqRedis, create_pool
from arq.connections import RedisSettings as ArqRedisSettings
from arq.constants import in_progress_key_prefix
from redis.exceptions import RedisError
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.sql import func

from acme_config.settings import RedisSettings
from acme_db.engine import SessionFactory
from acme_db.models import JobState, OutboxJob

log = structlog.get_logger()

QueueConnection = ArqRedis
QueueError = RedisError
"""Both for those who hold a connection and need not know whose it is."""

_EPOCH_KEY = "acme:queue-epoch"


def serialize(value: dict[str, Any]) -> bytes:
    return json.dumps(value, default=repr, separators=(",", ":")).encode()


def deserialize(raw: bytes) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(raw)
    return value


def arq_settings(settings: RedisSettings) -> ArqRedisSettings:
    dsn = ArqRedisSettings.from_dsn(settings.url.get_secret_value())
    dsn.conn_timeout = 5
    dsn.conn_retries = 30
    return dsn


async def connect_queue(settings: RedisSettings) -> ArqRedis:
    return await create_pool(arq_settings(settings), job_serializer=serialize, job_deserializer=deserialize)


class ArqQueue:
    """Pushes outbox rows to arq. Pushing twice is harmless: arq drops an id that it already holds."""

    def __init__(self, redis: ArqRedis, sessions: SessionFactory) -> None:
        self._redis = redis
        self._sessions = sessions

    async def push(self, job_id: UUID) -> None:
        try:
            await self.push_all([job_id])
        except (RedisError, OSError) as error:
            log.warning("job_push_failed", job_id=str(job_id), error=type(error).__name__)

    async def push_all(self, job_ids: Sequence[UUID]) -> None:
        """No lock is held while the queue is asked: a job pushed by two is held once."""
        async with self._sessions() as session:
            statement = select(OutboxJob).where(OutboxJob.id.in_(job_ids), OutboxJob.state == JobState.QUEUED)
            rows = (await session.scalars(statement)).all()
        for row in rows:
            await self._enqueue(row)
        await self._update([row.id for row in rows], JobState.QUEUED, {"pushed_at": func.now()})

    async def hand_back(self, job_ids: Sequence[UUID], dead_worker: str) -> None:
        """Give the jobs of a dead worker to another one, without waiting for arq's own time-out."""
        async with self._sessions() as session:
            statement = select(OutboxJob).where(OutboxJob.id.in_(job_ids), OutboxJob.worker == dead_worker)
            rows = (await session.scalars(statement)).all()
        for row in rows:
            await self._redis.delete(f"{in_progress_key_prefix}{row.id}")
            await self._enqueue(row)
        ids = [row.id for row in rows]
        await self._update(ids, JobState.RUNNING, {"worker": None}, OutboxJob.worker == dead_worker)

    async def was_emptied(self) -> bool:
        """True once after the queue has lost its memory (or has never been used)."""
        return bool(await self._redis.set(_EPOCH_KEY, "1", nx=True))

    async def _enqueue(self, row: OutboxJob) -> None:
        await self._redis.enqueue_job(
            row.name, str(row.id), _job_id=str(row.id), _queue_name=row.queue, _defer_until=row.run_at
        )

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
