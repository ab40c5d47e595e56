"""What the relay makes up for, how pushes are grouped, and what becomes of ended rows."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update

from acme_config.jobs import QueueName
from acme_config.settings import JobSettings
from acme_core.clock import utc_now
from acme_db.engine import create_session_factory
from acme_db.models import JobState, OutboxJob
from acme_db.unit_of_work import unit_of_work
from acme_jobs.batching.scripts import NewJob
from acme_jobs.contracts import PermanentJobError
from acme_jobs.heartbeat import beating
from acme_jobs.outbox import PUSHER, enqueue
from acme_jobs.queue import ArqQueue
from acme_jobs.relay import relay_outbox
from acme_jobs.retention import remove_ended
from tests.libs.jobs.outbox_bench import CONTRACT, Bench, Thing


async def test_what_a_worker_took_from_the_queue_and_not_from_the_outbox_before_it_died_is_handed_on(
    bench: Bench,
) -> None:
    """The row still says queued, and the queue would keep it for the dead until its lease ends."""
    job_id = await bench.add()
    await bench.redis.psetex(f"arq:in-progress:{job_id}", 600_000, b"dying")
    await bench.age()
    async with beating(bench.redis, "dying", QueueName.IMAGES):
        assert await relay_outbox(bench.redis, bench.sessions) == 0
    assert await bench.redis.exists(f"arq:in-progress:{job_id}")
    assert await relay_outbox(bench.redis, bench.sessions) == 1
    await bench.work()
    assert len(bench.done) == 1


async def test_all_jobs_of_a_transaction_are_pushed_in_one_call(bench: Bench) -> None:
    calls: list[int] = []

    class Counting(ArqQueue):
        async def push(self, jobs: Sequence[NewJob]) -> None:
            calls.append(len(jobs))
            await super().push(jobs)

    factory = create_session_factory(bench.sessions.kw["bind"])
    factory.configure(info={PUSHER: Counting(bench.redis, bench.sessions)})
    for _ in range(2):
        async with unit_of_work(factory) as session:
            for _ in range(3):
                await enqueue(session, CONTRACT, Thing(thing_id=uuid4()))
    await bench.work()
    assert calls == [3, 3]
    assert len(bench.done) == 6


async def test_a_missed_push_behind_a_backlog_is_made_up_for_in_one_sweep(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acme_jobs.relay.BATCH", 4)
    for number in range(10):
        await bench.add(push=number != 9)
    await bench.age()
    assert await relay_outbox(bench.redis, bench.sessions) == 10
    assert await relay_outbox(bench.redis, bench.sessions) == 0
    await bench.work()
    assert len(bench.done) == 10


async def test_a_job_for_later_waits_in_the_queue(bench: Bench) -> None:
    factory = create_session_factory(bench.sessions.kw["bind"])
    factory.configure(info={PUSHER: ArqQueue(bench.redis, bench.sessions)})
    due = utc_now() + timedelta(seconds=1)
    async with unit_of_work(factory) as session:
        job_id = await enqueue(session, CONTRACT, Thing(thing_id=uuid4()), run_at=due)
    await bench.work()
    assert job_id is not None
    started = (await bench.job(job_id)).started_at
    assert started is not None
    assert started >= due - timedelta(milliseconds=5)


async def test_what_ended_goes_after_its_days_and_the_rest_stays(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acme_jobs.retention.BATCH", 2)
    for _ in range(7):
        await bench.add(push=False)
    ended = [(JobState.DONE, 15)] * 3 + [(JobState.DONE, 13), (JobState.FAILED, 89), (JobState.FAILED, 91)]
    async with unit_of_work(bench.sessions) as session:
        ids = (await session.scalars(select(OutboxJob.id))).all()
        for job_id, (state, days) in zip(ids, ended, strict=False):
            values = {"state": state, "finished_at": utc_now() - timedelta(days=days)}
            await session.execute(update(OutboxJob).where(OutboxJob.id == job_id).values(**values))
    assert await remove_ended(bench.sessions, JobSettings()) == {JobState.DONE: 3, JobState.FAILED: 1}
    async with bench.sessions() as session:
        states = (await session.scalars(select(OutboxJob.state).order_by(OutboxJob.state))).all()
    assert states == [JobState.DONE, JobState.FAILED, JobState.QUEUED]


async def test_failed_jobs_are_read_with_their_errors_by_an_index(bench: Bench) -> None:
    async def refuse(_thing: Thing) -> None:
        raise PermanentJobError("the photo is no photo")

    bench.handle = refuse
    await bench.add()
    await bench.work()
    newest_first = (
        select(OutboxJob.name, OutboxJob.payload, OutboxJob.attempts, OutboxJob.last_error)
        .where(OutboxJob.state == JobState.FAILED)
        .order_by(OutboxJob.finished_at.desc())
    )
    compiled = newest_first.compile(
        bench.sessions.kw["bind"].sync_engine, compile_kwargs={"literal_binds": True}
    )
    async with bench.sessions() as session:
        (row,) = (await session.execute(newest_first)).all()
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join((await session.scalars(text(f"EXPLAIN {compiled}"))).all())
    assert (row.attempts, row.last_error) == (1, "PermanentJobError: the photo is no photo")
    assert "ix_outbox_jobs_ended" in plan
    assert "Sort" not in plan
