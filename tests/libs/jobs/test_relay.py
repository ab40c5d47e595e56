"""The relay makes good what pushes, queues and workers have left undone."""

import asyncio
from collections.abc import Mapping
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, text, update
from sqlalchemy.ext.asyncio import create_async_engine

from acme_config.jobs import QueueName
from acme_db.engine import create_session_factory
from acme_db.models import JobState, OutboxJob
from acme_db.unit_of_work import unit_of_work
from acme_jobs import catalogue
from acme_jobs.batching.scripts import NewJob
from acme_jobs.heartbeat import beating
from acme_jobs.outbox import SUPERSEDED, enqueue
from acme_jobs.queue import ArqQueue
from acme_jobs.relay import OVERDUE_AFTER_S, relay_outbox
from tests.libs.jobs.outbox_bench import CONTRACT, Bench, Thing


async def _running(bench: Bench, worker: str, *, dedupe_key: str | None = None) -> UUID:
    """As after kill -9 of its worker: the row says so, arq holds it in progress, and nobody beats."""
    job_id = await bench.add(dedupe_key=dedupe_key)
    assert job_id is not None
    await _claim(bench, job_id, worker)
    return job_id


async def _claim(bench: Bench, job_id: UUID, worker: str) -> None:
    async with unit_of_work(bench.sessions) as session:
        values = {"state": JobState.RUNNING, "worker": worker, "attempts": 1}
        await session.execute(update(OutboxJob).where(OutboxJob.id == job_id).values(**values))
    await bench.redis.psetex(f"arq:in-progress:{job_id}", 600_000, worker.encode())


async def _sweep_and_work(bench: Bench) -> None:
    await bench.age()
    await relay_outbox(bench.redis, bench.sessions)
    await bench.work()


async def _states(bench: Bench, *job_ids: UUID) -> list[JobState]:
    return [(await bench.job(job_id)).state for job_id in job_ids]


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


async def test_the_job_of_a_dead_worker_is_handed_to_another(bench: Bench) -> None:
    job_id = await _running(bench, "dead")
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
        await _sweep_and_work(bench)
    jobs = [await bench.job(job_id) for job_id in ids if job_id is not None]
    assert [(job.state, job.attempts) for job in jobs] == [(JobState.DONE, 2), (JobState.RUNNING, 1)]


async def test_a_job_that_another_worker_has_claimed_meanwhile_is_left_to_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the look at who is dead, and before the job is put back."""
    job_id, release = await _running(bench, "dead"), ArqQueue.release

    async def release_and_claim(queue: ArqQueue, held_by: Mapping[NewJob, str]) -> None:
        await release(queue, held_by)
        await _claim(bench, job_id, "alive")

    monkeypatch.setattr(ArqQueue, "release", release_and_claim)
    await relay_outbox(bench.redis, bench.sessions)
    job = await bench.job(job_id)
    assert (job.state, job.worker) == (JobState.RUNNING, "alive")
    assert await bench.redis.get(f"arq:in-progress:{job_id}") == b"alive"


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


async def test_where_a_newer_job_of_its_key_waits_that_of_a_dead_worker_is_not_run(bench: Bench) -> None:
    """Of one key only one may wait: the sweep must not come to grief over that, nor leave others lying."""
    dead, other = await _running(bench, "dead", dedupe_key="k"), await _running(bench, "dead")
    newer = await bench.add(dedupe_key="k")
    assert newer is not None
    await bench.redis.flushdb()
    await _sweep_and_work(bench)
    assert await _states(bench, dead, other, newer) == [JobState.DONE] * 3
    assert (await bench.job(dead)).last_error == SUPERSEDED
    assert len(bench.done) == 2


async def test_of_two_jobs_of_one_key_that_dead_workers_had_one_is_run(bench: Bench) -> None:
    dead = [await _running(bench, worker, dedupe_key="k") for worker in ("dead", "dead too")]
    await _sweep_and_work(bench)
    assert await _states(bench, *dead) == [JobState.DONE] * 2
    assert len(bench.done) == 1


async def test_a_key_that_is_taken_as_its_job_is_handed_back_stops_no_sweep(bench: Bench) -> None:
    dead, other = await _running(bench, "dead", dedupe_key="k"), await _running(bench, "dead")
    async with unit_of_work(bench.sessions) as session:
        newer = await enqueue(session, CONTRACT, Thing(thing_id=uuid4()), dedupe_key="k")
        sweep = asyncio.create_task(relay_outbox(bench.redis, bench.sessions))
        await _until_one_waits_for_a_lock(bench)
    await sweep
    assert newer is not None
    assert await _states(bench, dead, other, newer) == [JobState.RUNNING, JobState.QUEUED, JobState.QUEUED]
    await _sweep_and_work(bench)
    assert await _states(bench, dead, other, newer) == [JobState.DONE] * 3
    assert len(bench.done) == 2


async def _until_one_waits_for_a_lock(bench: Bench) -> None:
    statement = text(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(10), bench.sessions() as session:
        while await session.scalar(statement) is None:
            await session.rollback()
            await asyncio.sleep(0.02)


async def test_a_job_that_fails_after_it_was_handed_back_is_not_its_own_successor(bench: Bench) -> None:
    """A worker that stood still for a while was given up, and goes on."""

    async def fail(_thing: Thing) -> None:
        bench.handle = None
        await relay_outbox(bench.redis, bench.sessions)  # nobody beats here
        raise RuntimeError("try again")

    bench.handle = fail
    job_id = await bench.add(dedupe_key="k")
    assert job_id is not None
    await bench.work()
    await _sweep_and_work(bench)
    assert (await bench.job(job_id)).state == JobState.DONE
    assert len(bench.done) == 1


async def test_a_job_that_is_lost_again_after_it_was_handed_back_runs_all_the_same(bench: Bench) -> None:
    """By the queue, or by a worker that takes it and is killed before it has said so."""
    lost, taken = await _running(bench, "dead"), await _running(bench, "dead")
    await relay_outbox(bench.redis, bench.sessions)
    await bench.redis.delete(f"arq:job:{lost}")
    await bench.redis.zrem(CONTRACT.queue, str(lost))
    await bench.redis.psetex(f"arq:in-progress:{taken}", 600_000, b"dead too")
    await _sweep_and_work(bench)
    assert await _states(bench, lost, taken) == [JobState.DONE] * 2
    assert len(bench.done) == 2


async def test_what_a_server_was_given_before_another_took_its_place_is_pushed_again(bench: Bench) -> None:
    """One that was killed, or a replica, may lack the last writes, and says nothing of it."""
    job_id = await bench.add()
    assert job_id is not None
    await bench.age()
    await relay_outbox(bench.redis, bench.sessions)
    await bench.redis.flushdb()
    await bench.redis.set("acme:queue-epoch", "another server")
    await relay_outbox(bench.redis, bench.sessions)
    await bench.work()
    assert (await bench.job(job_id)).state == JobState.DONE
