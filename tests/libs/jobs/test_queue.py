"""Outbox, relay and worker over the real queue: nothing committed is lost, nothing done twice at once."""

import asyncio
import contextlib
import signal
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import create_async_engine

from acme_config.jobs import QueueName
from acme_core.circuit import Circuit
from acme_db.engine import create_session_factory
from acme_db.models import JobState, OutboxJob
from acme_db.unit_of_work import unit_of_work
from acme_jobs import catalogue
from acme_jobs.contracts import NotNowError, PermanentJobError
from acme_jobs.heartbeat import beating
from acme_jobs.outbox import enqueue
from acme_jobs.queue import ArqQueue
from acme_jobs.relay import OVERDUE_AFTER_S, relay_outbox
from acme_jobs.runner import Handler, HandlersIncompleteError, backoff_s, prove_complete
from acme_standalone.postgres import EmbeddedPostgres
from tests.libs.jobs.outbox_bench import CONTRACT, Bench, Thing


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
    await bench.age()
    await relay_outbox(bench.redis, bench.sessions)
    await bench.work()
    assert job_id is not None
    assert (await bench.job(job_id)).state == JobState.DONE


async def test_an_emptied_queue_loses_nothing(bench: Bench) -> None:
    for _ in range(5):
        await bench.add()
    await bench.redis.flushdb()
    await bench.age()
    await relay_outbox(bench.redis, bench.sessions)
    await bench.work()
    assert len(bench.done) == 5


async def test_a_queue_that_was_emptied_while_the_database_was_away_loses_nothing(bench: Bench) -> None:
    """The sweep that saw it first could note nothing: the next one must see it too."""
    await bench.add(push=False)
    await bench.age()
    await relay_outbox(bench.redis, bench.sessions)
    await bench.redis.flushdb()
    away = create_async_engine("postgresql+asyncpg://nobody@127.0.0.1:1/away")
    with pytest.raises(OSError, match="Connect"):
        await relay_outbox(bench.redis, create_session_factory(away))
    await relay_outbox(bench.redis, bench.sessions)
    await bench.work()
    assert len(bench.done) == 1


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


async def test_while_a_provider_is_left_alone_no_try_counts(bench: Bench) -> None:
    circuit = Circuit("it", ConnectionError, most=2, rest_s=0.05)
    calls: list[UUID] = []

    async def call(thing: Thing) -> None:
        async with circuit.passing():
            calls.append(thing.thing_id)
            if len(calls) <= 6:
                raise ConnectionError("away")

    bench.handle = call
    ids = [await bench.add() for _ in range(5)]
    await bench.work()
    jobs = [await bench.job(job_id) for job_id in ids if job_id is not None]
    assert {job.state for job in jobs} == {JobState.DONE}
    assert sum(job.attempts for job in jobs) == 5 + 1  # one failure before the one that opened it
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
    await bench.redis.psetex(f"arq:in-progress:{job_id}", 600_000, b"dead")
    await relay_outbox(bench.redis, bench.sessions)
    await bench.work()
    job = await bench.job(job_id)
    assert (job.state, job.attempts) == (JobState.DONE, 2)


async def test_a_job_that_outlives_its_time_on_a_live_worker_is_handed_to_another(bench: Bench) -> None:
    """Whoever ran it has broken it off, and could not say so: it beats, and knows nothing of the job."""
    ids = [await bench.add(push=False), await bench.add(push=False)]
    overdue = f"{catalogue.SEND_EMAIL.timeout_s + OVERDUE_AFTER_S + 1} seconds"
    for job_id, age in zip(ids, (overdue, "0 seconds"), strict=True):
        async with unit_of_work(bench.sessions) as session:
            started_at = func.now() - text(f"interval '{age}'")
            values = {"state": JobState.RUNNING, "worker": "alive", "attempts": 1, "started_at": started_at}
            await session.execute(update(OutboxJob).where(OutboxJob.id == job_id).values(**values))
        await bench.redis.psetex(f"arq:in-progress:{job_id}", 600_000, b"alive")
    async with beating(bench.redis, "alive", QueueName.MAIN):
        await relay_outbox(bench.redis, bench.sessions)
        await bench.work()
    jobs = [await bench.job(job_id) for job_id in ids if job_id is not None]
    assert [(job.state, job.attempts) for job in jobs] == [(JobState.DONE, 2), (JobState.RUNNING, 1)]


async def test_a_job_that_another_worker_has_claimed_is_left_to_it(bench: Bench) -> None:
    job_id = await bench.add()
    assert job_id is not None
    async with unit_of_work(bench.sessions) as session:
        values = {"state": JobState.RUNNING, "worker": "alive", "attempts": 1}
        await session.execute(update(OutboxJob).where(OutboxJob.id == job_id).values(**values))
    await bench.redis.psetex(f"arq:in-progress:{job_id}", 600_000, b"alive")
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
        if not started.is_set():
            started.set()
            await asyncio.sleep(60)

    bench.handle = hang
    job_id = await bench.add()
    assert job_id is not None
    worker = bench.worker()
    working = asyncio.create_task(worker.async_run())
    await asyncio.wait_for(started.wait(), 10)
    worker.handle_sig(signal.SIGTERM)
    await asyncio.gather(working, return_exceptions=True)
    await asyncio.gather(*worker.tasks.values())
    job = await bench.job(job_id)
    assert (job.state, job.attempts, job.worker) == (JobState.QUEUED, 0, None)
    await bench.work()
    job = await bench.job(job_id)
    assert (job.state, job.attempts) == (JobState.DONE, 1)


async def test_a_job_that_is_put_back_after_the_queue_was_emptied_is_pushed_again(bench: Bench) -> None:
    """By the next sweep but one, and not after minutes."""

    async def lose_the_queue(_thing: Thing) -> None:
        bench.handle = None
        await bench.redis.flushdb()
        await relay_outbox(bench.redis, bench.sessions)
        raise RuntimeError("try again")

    bench.handle = lose_the_queue
    job_id = await bench.add()
    assert job_id is not None
    await bench.work()
    assert (await bench.job(job_id)).state == JobState.QUEUED
    await bench.age()
    await relay_outbox(bench.redis, bench.sessions)
    await bench.work()
    assert (await bench.job(job_id)).state == JobState.DONE


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


@pytest.mark.parametrize("when", ["before", "during"])
async def test_a_job_survives_that_the_database_is_away_as_its_state_is_written(
    bench: Bench, postgres: EmbeddedPostgres, when: str
) -> None:
    """arq drops what fails outside of the handler: the row would wait for minutes, or run for ever."""
    async with bench.sessions() as session:
        database = await session.scalar(text("SELECT current_database()"))
    server = await asyncpg.connect(postgres.superuser_url)
    away = asyncio.Event()

    async def take_away(_: Thing | None = None) -> None:
        if away.is_set():
            return
        away.set()
        await server.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false")
        await server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", database
        )

    job_id = await bench.add()
    assert job_id is not None
    if when == "before":
        await take_away()
    else:
        bench.handle = take_away
    working = asyncio.create_task(bench.work())
    await asyncio.wait_for(away.wait(), 10)
    await asyncio.sleep(0.5)
    await server.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS true")
    await working
    await server.close()
    job = await bench.job(job_id)
    assert (job.state, job.worker) == (JobState.DONE, None)
