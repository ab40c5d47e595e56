"""What the tests of the queue share."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from arq.connections import ArqRedis
from arq.jobs import Job
from arq.worker import Worker, func

from acme_jobs.batching.scripts import NewJob, QueueWriter
from acme_jobs.batching.worker import BatchingWorker
from acme_jobs.queue import deserialize, serialize
from tests.libs.jobs.a_worker import QUEUE

Handle = Callable[[dict[Any, Any], str], Awaitable[None]]


@dataclass
class QueueBench:
    """The queue alone, and workers on it whose handler the test sets."""

    redis: ArqRedis
    ran: list[str] = field(default_factory=list)
    handle: Handle | None = None

    async def push(self, *job_ids: str, at: float | None = None) -> None:
        run_at_ms = None if at is None else int(at * 1000)
        await QueueWriter(self.redis).push([NewJob(job_id, "work", QUEUE, run_at_ms) for job_id in job_ids])

    def worker(self, kind: type[Worker] = BatchingWorker, **options: Any) -> Worker:
        owner = {"owner": f"w_{uuid4().hex}"} if kind is BatchingWorker else {}
        chosen: dict[str, Any] = {"max_jobs": 20, "burst": True, "handle_signals": False, **owner, **options}
        return kind(
            [func(self._work, name="work", keep_result=0)],
            redis_pool=self.redis,
            queue_name=QUEUE,
            keep_result=0,
            job_serializer=serialize,
            job_deserializer=deserialize,
            **chosen,
        )

    async def work(self, **options: Any) -> Worker:
        """Until the queue is empty."""
        worker = self.worker(**options)
        await asyncio.wait_for(worker.async_run(), 20)
        return worker

    async def keys(self) -> set[str]:
        return {key.decode() for key in await self.redis.keys("arq:*")}

    async def noted(self, what: str) -> list[str]:
        answer: Any = self.redis.lrange(what, 0, -1)
        return [line.decode() for line in await answer]

    async def until_noted(self, what: str, count: int) -> list[str]:
        async with asyncio.timeout(90):
            while len(lines := await self.noted(what)) < count:  # noqa: ASYNC110 - noted by other processes
                await asyncio.sleep(0.02)
        return lines

    def job(self, job_id: str = "job") -> Job:
        return Job(job_id, self.redis, QUEUE, deserialize)

    async def _work(self, ctx: dict[Any, Any], job_id: str) -> None:
        self.ran.append(job_id)
        if self.handle is not None:
            await self.handle(ctx, job_id)


@asynccontextmanager
async def working(*workers: Worker) -> AsyncIterator[None]:
    """They sleep when this begins, and are gone when it ends."""
    tasks = [asyncio.create_task(worker.async_run()) for worker in workers]
    await asyncio.sleep(0.2)
    try:
        yield
    finally:
        for worker, task in zip(workers, tasks, strict=True):
            if worker.main_task is not None:
                worker.main_task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what is awaited happens elsewhere
            await asyncio.sleep(0.02)
