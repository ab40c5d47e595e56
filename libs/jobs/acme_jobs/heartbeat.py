"""A worker that stops beating is dead, and its jobs are handed to others."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import structlog
from arq.connections import ArqRedis
from redis.exceptions import RedisError

from acme_core.background import beside

log = structlog.get_logger()

INTERVAL_S = 2.0
TTL_S = 10


def _key(worker: str) -> str:
    return f"acme:worker:{worker}"


@contextlib.asynccontextmanager
async def beating(redis: ArqRedis, worker: str, alive_file: Path | None = None) -> AsyncIterator[None]:
    await redis.set(_key(worker), "1", ex=TTL_S)
    _touch(alive_file)
    try:
        async with beside(_beat(redis, worker, alive_file)):
            yield
    finally:
        with contextlib.suppress(RedisError, OSError):
            await redis.delete(_key(worker))


def _touch(alive_file: Path | None) -> None:
    """For whoever watches the process: it lives while its loop turns, whether Redis answers or not."""
    if alive_file is not None:
        alive_file.touch()


async def _beat(redis: ArqRedis, worker: str, alive_file: Path | None) -> None:
    while True:
        await asyncio.sleep(INTERVAL_S)
        _touch(alive_file)
        try:
            await redis.set(_key(worker), "1", ex=TTL_S)
        except (RedisError, OSError) as error:
            log.warning("heartbeat_failed", worker=worker, error=type(error).__name__)


async def dead_workers(redis: ArqRedis, workers: Iterable[str]) -> set[str]:
    names = list(workers)
    if not names:
        return set()
    beats = await redis.mget([_key(name) for name in names])
    return {name for name, beat in zip(names, beats, strict=True) if beat is None}
