"""A producer and a worker in Python, as a process that takes orders on stdin: a JSON document a line.

    python -m benchmarks.queueing.python_side ours|arq|outbox

REDIS_URL and DATABASE_URL say where. peers/bullmq_queue.mjs takes the same orders.
"""

import asyncio
import contextlib
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from arq.worker import Function, Worker, func

from acme_config.jobs import QueueName
from acme_config.settings import DatabaseSettings, RedisSettings
from acme_core.logs import configure_logging
from acme_db.engine import SessionFactory, create_engine, create_session_factory
from acme_db.unit_of_work import unit_of_work
from acme_jobs.batching.grouping import Grouped
from acme_jobs.batching.scripts import NewJob, QueueWriter
from acme_jobs.batching.worker import BatchingWorker
from acme_jobs.catalogue import CATALOGUE, PURGE_PHOTO, PhotoJob
from acme_jobs.outbox import PUSHER, enqueue
from acme_jobs.queue import ArqQueue, QueueConnection, connect_queue, deserialize, serialize
from acme_jobs.runner import handler
from acme_jobs.worker import WorkerPlan, build_worker

CONCURRENCY = 50
QUEUE = "bench"
Seen = list[tuple[str, int]]


class System(Protocol):
    async def add(self, job_id: str) -> None: ...

    def worker(self, seen: Seen) -> Worker: ...


def _noop(seen: Seen) -> Function:
    async def noop(ctx: dict[Any, Any], job_id: str) -> None:  # noqa: ARG001 - arq passes it
        seen.append((job_id, time.monotonic_ns()))

    return func(noop, name="noop", keep_result=0)


class Ours:
    """The queue alone."""

    def __init__(self, redis: QueueConnection) -> None:
        self._redis = redis
        self._pushes = Grouped(QueueWriter(redis).push)

    async def add(self, job_id: str) -> None:
        await self._pushes.add(NewJob(job_id, "noop", QUEUE))

    def worker(self, seen: Seen) -> Worker:
        return BatchingWorker(
            [_noop(seen)],
            redis_pool=self._redis,
            owner="bench",
            queue_name=QUEUE,
            max_jobs=CONCURRENCY,
            keep_result=0,
            job_serializer=serialize,
            job_deserializer=deserialize,
        )


class Arq:
    """arq as it comes, but for the number of jobs at once, and results that are not kept."""

    def __init__(self, redis: QueueConnection) -> None:
        self._redis = redis

    async def add(self, job_id: str) -> None:
        await self._redis.enqueue_job("noop", job_id, _job_id=job_id, _queue_name=QUEUE)

    def worker(self, seen: Seen) -> Worker:
        return Worker(
            [_noop(seen)],
            redis_pool=self._redis,
            queue_name=QUEUE,
            max_jobs=CONCURRENCY,
            keep_result=0,
            job_serializer=serialize,
            job_deserializer=deserialize,
        )


class Outbox:
    """The platform's whole way: a row committed, then pushed; claimed in both places, ended in both."""

    def __init__(self, redis: QueueConnection, sessions: SessionFactory) -> None:
        self._redis = redis
        self._sessions = sessions
        sessions.configure(info={PUSHER: ArqQueue(redis, create_session_factory(sessions.kw["bind"]))})

    async def add(self, job_id: str) -> None:
        async with unit_of_work(self._sessions) as session:
            await enqueue(session, PURGE_PHOTO, PhotoJob(photo_id=UUID(job_id)))

    def worker(self, seen: Seen) -> Worker:
        async def noop(job: PhotoJob) -> None:
            seen.append((str(job.photo_id), time.monotonic_ns()))

        handlers = [handler(contract, noop) for contract in CATALOGUE if contract.queue is QueueName.IMAGES]
        plan = WorkerPlan(QueueName.IMAGES, handlers, concurrency=CONCURRENCY)
        return build_worker(plan, self._redis, self._sessions)


class Side:
    def __init__(self, system: System) -> None:
        self._system = system
        self._seen: Seen = []
        self._listening: asyncio.Task[None] | None = None

    async def add(self, ids: list[str], at_once: int) -> dict[str, Any]:
        left = iter(ids)
        start = time.monotonic()
        await asyncio.gather(*(self._lane(left) for _ in range(at_once)))
        return {"seconds": time.monotonic() - start}

    async def _lane(self, left: Iterator[str]) -> None:
        for job_id in left:
            await self._system.add(job_id)

    async def trickle(self, ids: list[str], every_ms: float) -> dict[str, Any]:
        at = {}
        for job_id in ids:
            at[job_id] = time.monotonic_ns()
            await self._system.add(job_id)
            await asyncio.sleep(every_ms / 1000 * random.uniform(0.5, 1.5))  # noqa: S311 - not a secret
        return {"at": at}

    async def drain(self, count: int) -> dict[str, Any]:  # noqa: ARG002 - the peer counts, we see the end
        self._seen = []
        worker = self._system.worker(self._seen)
        worker.burst = True
        start = time.monotonic()
        await worker.async_run()
        return {"seconds": time.monotonic() - start, "seen": self._seen}

    async def grow(self, ids: list[str]) -> dict[str, Any]:
        """Fills the queue and drains it; returns what is resident then, in KB."""
        await self.add(ids, CONCURRENCY)
        done = await self.drain(len(ids))
        exact = len(done["seen"]) == len({job_id for job_id, _ in done["seen"]}) == len(ids)
        self._seen = []
        return {"exact": exact, "resident_kb": resident_kb(), "seconds": done["seconds"]}

    async def listen(self) -> dict[str, Any]:
        self._seen = []
        self._listening = asyncio.create_task(self._system.worker(self._seen).async_run())
        await asyncio.sleep(0.3)
        return {}

    async def heard(self, count: int) -> dict[str, Any]:
        async with asyncio.timeout(30):
            while len(self._seen) < count:  # noqa: ASYNC110 - an event would be set in what is measured
                await asyncio.sleep(0.01)
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        return {"seen": self._seen}


def resident_kb() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


async def main(kind: str) -> None:
    redis = await connect_queue(RedisSettings())
    kinds: dict[str, Callable[[], System]] = {
        "ours": lambda: Ours(redis),
        "arq": lambda: Arq(redis),
        "outbox": lambda: Outbox(
            redis, create_session_factory(create_engine(DatabaseSettings(), application_name="bench"))
        ),
    }
    side = Side(kinds[kind]())
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        answer = await getattr(side, order.pop("do"))(**order)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    configure_logging(level="ERROR")
    asyncio.run(main(sys.argv[1]))
