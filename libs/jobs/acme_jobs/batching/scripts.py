"""The scripts, typed. What they return and expect is written at their heads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Self

from arq.connections import ArqRedis
from arq.constants import in_progress_key_prefix
from arq.jobs import serialize_job
from arq.utils import timestamp_ms

TRIES_KEPT_S = 88_400
"""arq's own figure, which it does not name."""


def wake_key(queue: str) -> str:
    return f"{queue}:wake"


@cache
def _text(name: str) -> str:
    return files(__package__).joinpath(f"{name}.lua").read_text()


def _script(redis: ArqRedis, name: str) -> Any:
    """Called by its digest; a server that has lost it is sent the text again."""
    return redis.register_script(_text(name))


@dataclass(frozen=True, slots=True)
class NewJob:
    id: str
    name: str
    queue: str
    run_at_ms: int | None = None
    """None is now."""


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    id: str
    score: int
    body: bytes | None
    """None when it has expired."""
    attempt: int
    is_aborted: bool

    @classmethod
    def of(cls, answer: Sequence[Any]) -> Self:
        job_id, score, body, attempt, aborted = answer
        return cls(job_id.decode(), int(float(score)), body, attempt, bool(aborted))


@dataclass(frozen=True, slots=True)
class Ending:
    """`ms`: see finish.lua."""

    job_id: str
    is_final: bool
    ms: int = 0


class QueueWriter:
    """Pushes many jobs in one call. The argument of each is its own id; an id that is held is dropped."""

    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis
        self._push = _script(redis, "push")

    async def push(self, jobs: Iterable[NewJob]) -> None:
        by_queue: dict[str, list[Any]] = {}
        for job in jobs:
            by_queue.setdefault(job.queue, []).extend(self._arguments(job))
        for queue, arguments in by_queue.items():
            await self._push((queue, wake_key(queue)), arguments)

    def _arguments(self, job: NewJob) -> tuple[Any, ...]:
        now = timestamp_ms()
        score = now if job.run_at_ms is None else job.run_at_ms
        expires = max(score - now, 0) + self._redis.expires_extra_ms
        body = serialize_job(job.name, (job.id,), {}, None, now, serializer=self._redis.job_serializer)
        return job.id, score, expires, body


@dataclass(frozen=True)
class Lease:
    """Who runs a job, and for how long nobody else may: arq's in-progress key, which in arq names nobody.

    In arq it lasts as long as the longest job may. Renewed ones may be short: what a worker has taken that is
    killed before it could tell anybody, is not lost to all others for half an hour.
    """

    owner: str
    ms: int


class QueueReader:
    """What a worker asks of its queue."""

    def __init__(self, redis: ArqRedis, queue: str, lease: Lease, *, may_abort: bool = False) -> None:
        self._redis = redis
        self._keys = (queue, wake_key(queue))
        self._lease = lease
        self._may_abort = int(may_abort)
        self._claim, self._finish = _script(redis, "claim"), _script(redis, "finish")
        self._renew = _script(redis, "renew")

    async def claim(self, most: int) -> tuple[list[ClaimedJob], int | None]:
        """Jobs that are ours now, and when the next one is due."""
        arguments = (timestamp_ms(), most, self._lease.owner, self._lease.ms, TRIES_KEPT_S, self._may_abort)
        later, claimed = await self._claim(self._keys, arguments)
        return [ClaimedJob.of(answer) for answer in claimed], int(float(later)) if later else None

    async def wait(self, seconds: float) -> None:
        """Until something is pushed, on a connection that is out of the pool for as long."""
        command: Any = self._redis.execute_command  # redis-py types blpop for whole seconds only
        await command("BLPOP", self._keys[1], seconds)

    async def renew(self, job_ids: Iterable[str]) -> None:
        """The leases of jobs that we are still at."""
        await self._renew((), (self._lease.owner, self._lease.ms, *job_ids))

    async def finish(self, endings: Iterable[Ending]) -> None:
        arguments: list[Any] = [self._lease.owner]
        for ending in endings:
            arguments += ending.job_id, "end" if ending.is_final else "again", ending.ms
        await self._finish(self._keys, arguments)


async def hand_back(redis: ArqRedis, queue: str, owner: str, job_ids: Iterable[str]) -> None:
    """What `owner` holds may be claimed again; what is another's by now is left alone."""
    reader = QueueReader(redis, queue, Lease(owner, 0))
    await reader.finish(Ending(job_id, is_final=False) for job_id in job_ids)


async def owners(redis: ArqRedis, job_ids: Sequence[str]) -> list[str | None]:
    """Who holds each of the jobs."""
    if not job_ids:
        return []
    found = await redis.mget([in_progress_key_prefix + job_id for job_id in job_ids])
    return [None if owner is None else owner.decode() for owner in found]
