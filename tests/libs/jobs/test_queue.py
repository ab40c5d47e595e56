"""Outbox, relay and worker over the real queue: nothing committed is lost, nothing done twice at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from arq.connections import ArqRedis
from sqlalchemy import select, update

from acme_config.jobs import JobName, QueueName
from acme_config.settings import DatabaseSettings, RedisSettings
from acme_db.engine import SessionFactory, create_engine, create_session_factory
from acme_db.models import JobState, OutboxJob
from acme_db.unit_of_work import unit_of_work
from acme_jobs import worker as workers
from acme_jobs.contracts import JobContract, NotNowError, Payload, PermanentJobError
from acme_jobs.outbox import PUSHER, enqueue
from acme_jobs.queue import ArqQueue, connect_queue
from acme_jobs.relay import relay_outbox
from acme_jobs.runner import Handler, HandlersIncompleteError, backoff_s, handler, prove_complete
from acme_jobs.worker import WorkerPlan, build_worker
from acme_standalone.postgres import EmbeddedPostgres


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

    async def add(self, *, dedupe_key: str | None = None, push: bool = True) -> UUID | None:
        info = {PUSHER: ArqQueue(self.redis, self.sessions)} if push else {}
        factory = create_session_factory(self.sessions.kw["bind"])
        factory.configure(info=info)
        async with unit_of_work(factory) as session:
            return await enqueue(session, CONTRACT, Thing(thing_id=uuid4()), dedupe_key=dedupe_key)

    async def job(self, job_id: UUID) -> OutboxJob:
        async with self.sessions() as session:
            return (await session.scalars(select(OutboxJob).where(OutboxJob.id == job_id))).one()

    async def work(self) -> None:
        """Until the queue is empty."""
        handlers = [handler(CONTRACT, self._run, self._give_up)]
        plan = WorkerPlan(QueueName.MAIN, handlers, concurrency=5)
        worker = build_worker(plan, self.redis, self.sessions)
        worker.burst = True
        await asyncio.wait_for(worker.async_run(), 30)

    async def _run(self, thing: Thing) -> None:
        if self.handle is not None:
            await self.handle(thing)
        self.done.append(thing.thing_id)

    async def _give_up(self, thing: Thing) -> None:
        self.given_up.append(thing.thing_id)


@pytest.fixture
async def bench(
    postgres: EmbeddedPostgres, template: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Bench]:
    monkeypatch.setattr(workers, "CATALOGUE", (CONTRACT,))
    monkeypatch.setattr("acme_jobs.runner.BACKOFF_FIRST_S", 0.05)
    name = f"jobs_{uuid4().hex}"
    monkeypatch.setenv("DATABASE_URL", postgres.create_database(name, template))
    monkeypatch.setenv("REDIS_URL", redis_url.removesuffix("/0") + "/5")
    engine = create_engine(DatabaseSettings(), application_name="tests")
    redis = await connect_queue(RedisSettings())
    await redis.flushdb()
    await ArqQueue(redis, create_session_factory(engine)).was_emptied()
    yield Bench(create_session_factory(engine), redis)
    await redis.aclose()
    await engine.dispose()
    postgres.drop_database(name)


async def test_a_committed_job_runs_once(bench: Bench) -> None:
    job_id = await bench.add()
    await bench.work()
    assert job_id is not None
    job = await bench.job(job_id)
    assert (job.state, job.attempts) == (JobState.DONE, 1)
    await bench.work()
    assert len(bench.done) == 1


async def test_a_rolled_back_job_never_existed(bench: Bench) -> None:
    with contextlib.suppress(ZeroDivisionError):
        async with unit_of_work(bench.sessions) as session:
            await enqueue(session, CONTRACT, Thing(thing_id=uuid4()))
            _ = 1 / 0
    async with bench.sessions() as session:
        assert (await session.scalars(select(OutboxJob))).all() == []


async def test_what_was_never_pushed_the_relay_pushes(bench: Bench) -> None:
    job_id = await bench.add(push=False)
    await bench.work()
    assert bench.done == []
    await relay_outbox(bench.redis, bench.sessions)
    assert bench.done == []
    await _age(bench)
    await relay_outbox(bench.redis, bench.sessions)
    await bench.work()
    assert job_id is not None
    assert (await bench.job(job_id)).state == JobState.DONE


async def test_an_emptied_queue_loses_nothing(bench: Bench) -> None:
    for _ in range(5):
        await bench.add()
    await bench.redis.flushdb()
    await _age(bench)
    await relay_outbox(bench.redis, bench.sessions)
    await bench.work()
    assert len(bench.done) == 5


async def test_two_jobs_of_one_key_do_not_wait_together_but_one_may_wait_while_one_runs(
    bench: Bench,
) -> None:
    first = await bench.add(dedupe_key="k")
    assert await bench.add(dedupe_key="k") is None
    later: list[UUID | None] = []

    async def add_another(_thing: Thing) -> None:
        if not later:
            later.append(await bench.add(dedupe_key="k"))

    bench.handle = add_another
    await bench.work()
    assert first is not None
    assert later[0] is not None
    assert len(bench.done) == 2


async def test_a_failing_job_is_tried_again_and_then_given_up(bench: Bench) -> None:
    async def fail(_thing: Thing) -> None:
        raise ConnectionError("no answer")

    bench.handle = fail
    job_id = await bench.add()
    await bench.work()
    assert job_id is not None
    job = await bench.job(job_id)
    assert (job.state, job.attempts) == (JobState.FAILED, 3)
    assert job.last_error == "ConnectionError: no answer"
    assert len(bench.given_up) == 1


async def test_a_job_that_is_put_off_comes_back_and_its_try_does_not_count(bench: Bench) -> None:
    tries: list[UUID] = []

    async def put_off(thing: Thing) -> None:
        tries.append(thing.thing_id)
        if len(tries) <= CONTRACT.max_attempts + 2:
            raise NotNowError(0.05)

    bench.handle = put_off
    job_id = await bench.add()
    await bench.work()
    assert job_id is not None
    job = await bench.job(job_id)
    assert (job.state, job.attempts, job.last_error) == (JobState.DONE, 1, None)
    assert len(tries) == CONTRACT.max_attempts + 3
    assert bench.given_up == []


async def test_a_permanent_error_ends_at_once(bench: Bench) -> None:
    async def refuse(_thing: Thing) -> None:
        raise PermanentJobError("never")

    bench.handle = refuse
    job_id = await bench.add()
    await bench.work()
    assert job_id is not None
    assert (await bench.job(job_id)).attempts == 1
    assert len(bench.given_up) == 1


async def test_a_job_that_hangs_is_ended_and_recovers(bench: Bench) -> None:
    tries: list[UUID] = []

    async def hang_once(thing: Thing) -> None:
        tries.append(thing.thing_id)
        if len(tries) == 1:
            await asyncio.sleep(60)

    bench.handle = hang_once
    await bench.add()
    await bench.work()
    assert len(tries) == 2
    assert len(bench.done) == 1


async def test_the_job_of_a_dead_worker_is_handed_to_another(bench: Bench) -> None:
    """As after kill -9: the row says running, arq holds it in progress, and nobody beats."""
    job_id = await bench.add()
    assert job_id is not None
    async with unit_of_work(bench.sessions) as session:
        values = {"state": JobState.RUNNING, "worker": "dead", "attempts": 1}
        await session.execute(update(OutboxJob).where(OutboxJob.id == job_id).values(**values))
    await bench.redis.psetex(f"arq:in-progress:{job_id}", 600_000, b"1")
    await relay_outbox(bench.redis, bench.sessions)
    await bench.work()
    job = await bench.job(job_id)
    assert (job.state, job.attempts) == (JobState.DONE, 2)


async def test_a_job_that_another_worker_has_claimed_is_left_to_it(bench: Bench) -> None:
    job_id = await bench.add()
    assert job_id is not None
    async with unit_of_work(bench.sessions) as session:
        values = {"state": JobState.RUNNING, "worker": "alive", "attempts": 1}
        await session.execute(update(OutboxJob).where(OutboxJob.id == job_id).values(**values))
    await bench.redis.psetex(f"arq:in-progress:{job_id}", 600_000, b"1")
    await ArqQueue(bench.redis, bench.sessions).hand_back([job_id], "dead")
    assert (await bench.job(job_id)).worker == "alive"
    assert await bench.redis.exists(f"arq:in-progress:{job_id}")


async def test_a_job_that_keeps_killing_its_worker_is_given_up(bench: Bench) -> None:
    job_id = await bench.add()
    assert job_id is not None
    async with unit_of_work(bench.sessions) as session:
        values = {"state": JobState.RUNNING, "worker": "dead", "attempts": CONTRACT.max_attempts}
        await session.execute(update(OutboxJob).where(OutboxJob.id == job_id).values(**values))
    await relay_outbox(bench.redis, bench.sessions)
    await bench.work()
    assert (await bench.job(job_id)).state == JobState.FAILED
    assert len(bench.given_up) == 1
    assert bench.done == []


async def test_a_stopping_worker_hands_its_job_back(bench: Bench) -> None:
    started = asyncio.Event()

    async def hang(_thing: Thing) -> None:
        started.set()
        await asyncio.sleep(0.4)

    bench.handle = hang
    job_id = await bench.add()
    assert job_id is not None
    task = asyncio.create_task(bench.work())
    await asyncio.wait_for(started.wait(), 10)
    running = [item for item in asyncio.all_tasks() if "JobRunner" in repr(item) or "_function" in repr(item)]
    for item in running:
        item.cancel()
    await asyncio.wait_for(task, 30)
    job = await bench.job(job_id)
    assert (job.state, job.attempts) == (JobState.DONE, 1)


def test_a_worker_needs_a_handler_for_each_contract_of_its_queue() -> None:
    handlers: list[Handler] = []
    with pytest.raises(HandlersIncompleteError):
        prove_complete(QueueName.MAIN, handlers, (CONTRACT,))


def test_backoff_grows_to_its_limit() -> None:
    assert 0.5 <= backoff_s(1) <= 1.0
    assert 150 <= backoff_s(50) <= 300


async def _age(bench: Bench) -> None:
    """Time passes, for what waits in the outbox."""
    from datetime import timedelta

    from acme_core.clock import utc_now

    async with unit_of_work(bench.sessions) as session:
        await session.execute(update(OutboxJob).values(run_at=utc_now() - timedelta(seconds=10)))
