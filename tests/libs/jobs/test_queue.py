"""Outbox, relay and worker over the real queue: nothing committed is lost, nothing done twice at once."""

import asyncio
import contextlib
import signal
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import select, text

from acme_config.jobs import QueueName
from acme_core.circuit import Circuit
from acme_db.models import JobState, OutboxJob
from acme_db.unit_of_work import unit_of_work
from acme_jobs.contracts import NotNowError, PermanentJobError
from acme_jobs.outbox import enqueue
from acme_jobs.runner import Handler, HandlersIncompleteError, backoff_s, handler, prove_complete
from acme_jobs.worker import WorkerPlan, run_worker
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


async def test_a_worker_leaves_alone_what_it_was_started_with(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, and before its first job, whose objects go again."""
    seen: list[str] = []
    monkeypatch.setattr("acme_jobs.worker.leave_what_stays", lambda: seen.append("left alone"))
    is_done = asyncio.Event()

    async def work(_: Thing) -> None:
        seen.append("worked")
        is_done.set()

    await bench.add()
    plan = WorkerPlan(QueueName.MAIN, [handler(CONTRACT, work)])
    working = asyncio.create_task(run_worker(plan, bench.redis, bench.sessions))
    await asyncio.wait_for(is_done.wait(), 10)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    assert seen == ["left alone", "worked"]


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


def test_a_worker_needs_a_handler_for_each_contract_of_its_queue() -> None:
    handlers: list[Handler] = []
    with pytest.raises(HandlersIncompleteError):
        prove_complete(QueueName.MAIN, handlers, (CONTRACT,))


def test_backoff_grows_to_its_limit() -> None:
    assert 0.5 <= backoff_s(1) <= 1.0
    assert 150 <= backoff_s(50) <= 300


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
