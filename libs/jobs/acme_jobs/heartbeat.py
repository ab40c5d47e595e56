"""A worker that stops beating is dead, and its jobs are handed to others."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self

import structlog
from arq.connections import ArqRedis
from redis.exceptions import RedisError

from acme_config.jobs import QueueName
from acme_core.background import beside
from acme_core.checks import Check, Checked, State, check_all
from acme_core.clock import utc_now

log = structlog.get_logger()

INTERVAL_S = 2.0
TTL_S = 10
CHECKED_EVERY_S = 30.0
"""What the worker depends on: some of it others cannot reach."""


_PREFIX = "acme:worker:"


@dataclass(frozen=True)
class LiveWorker:
    name: str
    queue: QueueName
    started_at: datetime
    dependencies: dict[str, Checked] = field(default_factory=dict)

    def beat(self) -> str:
        seen = {name: asdict(checked) for name, checked in self.dependencies.items()}
        told = {"queue": self.queue, "started_at": self.started_at.isoformat(), "dependencies": seen}
        return json.dumps(told)

    @classmethod
    def of(cls, name: str, beat: bytes) -> Self | None:
        """None of a worker that tells nothing: one of an older version, while the platform is updated."""
        told = json.loads(beat)
        if not isinstance(told, dict):
            return None
        seen = {
            each: Checked(State(checked["state"]), checked["latency_ms"])
            for each, checked in told["dependencies"].items()
        }
        return cls(name, QueueName(told["queue"]), datetime.fromisoformat(told["started_at"]), seen)


def _key(worker: str) -> str:
    return _PREFIX + worker


@contextlib.asynccontextmanager
async def beating(
    redis: ArqRedis,
    worker: str,
    queue: QueueName,
    checks: Mapping[str, Check] | None = None,
    alive_file: Path | None = None,
) -> AsyncIterator[None]:
    alive = LiveWorker(worker, queue, utc_now())
    await redis.set(_key(worker), alive.beat(), ex=TTL_S)
    _touch(alive_file)
    try:
        async with beside(_beat(redis, alive, alive_file)), beside(_keep_checking(alive, checks or {})):
            yield
    finally:
        with contextlib.suppress(RedisError, OSError):
            await redis.delete(_key(worker))


async def _keep_checking(worker: LiveWorker, checks: Mapping[str, Check]) -> None:
    while True:
        worker.dependencies.update(await check_all(checks))
        await asyncio.sleep(CHECKED_EVERY_S)


def _touch(alive_file: Path | None) -> None:
    """For whoever watches the process: it lives while its loop turns, whether Redis answers or not."""
    if alive_file is not None:
        alive_file.touch()


async def _beat(redis: ArqRedis, worker: LiveWorker, alive_file: Path | None) -> None:
    while True:
        await asyncio.sleep(INTERVAL_S)
        _touch(alive_file)
        try:
            await redis.set(_key(worker.name), worker.beat(), ex=TTL_S)
        except (RedisError, OSError) as error:
            log.warning("heartbeat_failed", worker=worker.name, error=type(error).__name__)


async def dead_workers(redis: ArqRedis, workers: Iterable[str]) -> set[str]:
    names = list(workers)
    if not names:
        return set()
    beats = await redis.mget([_key(name) for name in names])
    return {name for name, beat in zip(names, beats, strict=True) if beat is None}


async def live_workers(redis: ArqRedis) -> list[LiveWorker]:
    """All whose heart beats, by queue and age."""
    keys = [key async for key in redis.scan_iter(match=_PREFIX + "*", count=1_000)]
    beats = await redis.mget(keys) if keys else []
    found = [
        LiveWorker.of(key.decode().removeprefix(_PREFIX), beat)
        for key, beat in zip(keys, beats, strict=True)
        if beat is not None  # its last one has just ended
    ]
    known = [worker for worker in found if worker is not None]
    return sorted(known, key=lambda worker: (worker.queue, worker.started_at))
