"""An outbox, its queue and a worker, for the tests of them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from arq.connections import ArqRedis
from sqlalchemy import select, update

from acme_config.jobs import JobName, QueueName
from acme_core.clock import utc_now
from acme_db.engine import SessionFactory, create_session_factory
from acme_db.models import OutboxJob
from acme_db.unit_of_work import unit_of_work
from acme_jobs.batching.worker import BatchingWorker
from acme_jobs.contracts import JobContract, Payload
from acme_jobs.outbox import PUSHER, enqueue
from acme_jobs.queue import ArqQueue
from acme_jobs.runner import handler
from acme_jobs.worker import WorkerPlan, build_worker


class Thing(Payload):
    thing_id: UUID


CONTRACT = JobContract(JobName.SEND_EMAIL, QueueName.MAIN, Thing, max_attempts=3, timeout_s=0.5)


@dataclass
class Bench:
    """A queue of its own, and a worker whose handler the test sets."""

    sessions: SessionFactory
    redis: ArqRedis
    handle: Callable[[Thing], Awaitable[None]] | None = None
    done: list[UUID] = field(default_factory=list)
    given_up: list[UUID] = field(default_factory=list)
    revived: list[UUID] = field(default_factory=list)

    async def add(self, *, dedupe_key: str | None = None, push: bool = True) -> UUID | None:
        info = {PUSHER: ArqQueue(self.redis, self.sessions)} if push else {}
        factory = create_session_factory(self.sessions.kw["bind"])
        factory.configure(info=info)
        async with unit_of_work(factory) as session:
            return await enqueue(session, CONTRACT, Thing(thing_id=uuid4()), dedupe_key=dedupe_key)

    async def job(self, job_id: UUID) -> OutboxJob:
        async with self.sessions() as session:
            return (await session.scalars(select(OutboxJob).where(OutboxJob.id == job_id))).one()

    def worker(self) -> BatchingWorker:
        handlers = [handler(CONTRACT, self._run, self._give_up, self._revive)]
        plan = WorkerPlan(QueueName.MAIN, handlers, concurrency=5)
        return build_worker(plan, self.redis, self.sessions)

    async def work(self) -> None:
        """Until the queue is empty."""
        worker = self.worker()
        worker.burst = True
        await asyncio.wait_for(worker.async_run(), 30)

    async def age(self) -> None:
        """Time passes, for what waits in the outbox."""
        async with unit_of_work(self.sessions) as session:
            await session.execute(update(OutboxJob).values(run_at=utc_now() - timedelta(seconds=10)))

    async def _run(self, thing: Thing) -> None:
        if self.handle is not None:
            await self.handle(thing)
        self.done.append(thing.thing_id)

    async def _give_up(self, thing: Thing) -> None:
        self.given_up.append(thing.thing_id)

    async def _revive(self, thing: Thing) -> None:
        self.revived.append(thing.thing_id)
