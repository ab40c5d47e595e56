"""What the queues and their jobs are told as: in metrics, on the status page, in the log."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import structlog
from sqlalchemy import update

from acme_config.jobs import QueueName
from acme_core.clock import utc_now
from acme_core.logs import configure_logging
from acme_db.models import OutboxJob
from acme_db.unit_of_work import unit_of_work
from acme_jobs.contracts import NotNowError, PermanentJobError
from acme_jobs.gauges import tell_once
from acme_jobs.heartbeat import beating, live_workers
from acme_jobs.outbox import enqueue
from acme_jobs.relay import relay_outbox
from acme_jobs.state import dead_jobs, unfinished_jobs
from tests.counted import counted
from tests.libs.jobs.outbox_bench import CONTRACT, Bench, Thing
from tests.libs.telemetry.sentry import reported


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure_logging(stream=stream)
    yield stream
    structlog.reset_defaults()


async def age(bench: Bench, job_id: UUID | None, by: timedelta) -> None:
    async with unit_of_work(bench.sessions) as session:
        statement = update(OutboxJob).where(OutboxJob.id == job_id).values(run_at=utc_now() - by)
        await session.execute(statement)


async def test_the_gauges_tell_how_the_queues_are(bench: Bench) -> None:
    await bench.add(push=False)
    await age(bench, await bench.add(push=False), timedelta(seconds=90))
    await age(bench, await bench.add(push=False), timedelta(hours=-1))
    async with beating(bench.redis, "one", QueueName.MAIN), beating(bench.redis, "two", QueueName.MAIN):
        await tell_once(bench.redis, bench.sessions)
    told = counted()
    assert told('acme_queue_jobs{queue="acme:main",state="waiting"}') == 2
    assert told('acme_queue_jobs{queue="acme:main",state="scheduled"}') == 1
    assert 90 <= told('acme_queue_oldest_job_age_seconds{name="send_email",queue="acme:main"}') < 120
    assert told("acme_outbox_unpushed_jobs") == 1
    assert told('acme_workers_alive{queue="acme:main"}') == 2
    assert told('acme_workers_alive{queue="acme:faces"}') == 0
    assert abs(told("acme_state_read_timestamp_seconds") - utc_now().timestamp()) < 60


async def test_what_is_over_is_told_as_none(bench: Bench) -> None:
    await age(bench, await bench.add(), timedelta(seconds=90))
    await tell_once(bench.redis, bench.sessions)
    await bench.work()
    await tell_once(bench.redis, bench.sessions)
    told = counted()
    assert told('acme_queue_jobs{queue="acme:main",state="waiting"}') == 0
    assert told('acme_queue_oldest_job_age_seconds{name="send_email",queue="acme:main"}') == 0


async def test_each_end_of_a_job_is_counted(bench: Bench) -> None:
    ends = iter([RuntimeError("once"), NotNowError(0.01), None, PermanentJobError("never")])

    async def handle(_: Thing) -> None:
        if (end := next(ends)) is not None:
            raise end

    bench.handle = handle
    before = counted()
    await bench.add()
    await bench.work()
    await bench.add()
    await bench.work()
    await tell_once(bench.redis, bench.sessions)
    after = counted()
    for outcome in ("retried", "put_off", "done", "failed"):
        sample = f'acme_jobs_total{{name="send_email",outcome="{outcome}"}}'
        assert after(sample) - before(sample) == 1, outcome
    timed = 'acme_job_duration_seconds_count{name="send_email"}'
    waited = 'acme_job_wait_seconds_count{queue="acme:main"}'
    assert after(timed) - before(timed) == after(waited) - before(waited) == 4
    assert after('acme_dead_jobs{name="send_email"}') == 1


async def test_the_state_is_that_of_the_rows(bench: Bench) -> None:
    async def fail(_: Thing) -> None:
        raise PermanentJobError("never")

    bench.handle = fail
    await bench.add()
    await bench.work()
    await bench.add(push=False)
    async with bench.sessions() as session:
        [unfinished], [dead] = await unfinished_jobs(session), await dead_jobs(session)
    assert (unfinished.queue, unfinished.name) == ("acme:main", "send_email")
    assert (unfinished.waiting, unfinished.running, unfinished.unpushed) == (1, 0, 0)
    assert (dead.name, dead.count) == ("send_email", 1)
    assert dead.last_at is not None


async def test_a_worker_tells_its_queue_and_since_when(bench: Bench) -> None:
    started = utc_now()
    async with beating(bench.redis, "one", QueueName.FACES):
        [worker] = await live_workers(bench.redis)
    assert (worker.name, worker.queue) == ("one", QueueName.FACES)
    assert timedelta(0) <= worker.started_at - started < timedelta(seconds=10)
    assert await live_workers(bench.redis) == []


async def test_workers_of_before_an_update_tell_nothing_and_do_no_harm(bench: Bench) -> None:
    await bench.redis.set("acme:worker:of-before", "1", ex=10)
    assert await live_workers(bench.redis) == []


async def test_each_line_of_a_job_names_the_request_that_it_came_from(bench: Bench, log: io.StringIO) -> None:
    """And so do those of the jobs that it starts."""

    async def handle(thing: Thing) -> None:
        structlog.get_logger().info("working")
        if not bench.done:
            async with unit_of_work(bench.sessions) as session:
                await enqueue(session, CONTRACT, Thing(thing_id=uuid4()))

    bench.handle = handle
    with structlog.contextvars.bound_contextvars(request_id="abc-123"):
        await bench.add()
    await bench.work()
    await bench.age()
    async with bench.sessions() as session:
        [waiting] = await unfinished_jobs(session)
    assert waiting.waiting == 1
    await relay_outbox(bench.redis, bench.sessions)
    await bench.work()
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    told = [line for line in lines if line["event"] in {"working", "job_run"}]
    assert [line["event"] for line in told] == ["working", "job_run"] * 2
    assert {line["request_id"] for line in told} == {"abc-123"}
    assert len({line["job_id"] for line in told}) == 2
    assert {line["job"] for line in told} == {"send_email"}


async def test_a_job_is_reported_when_it_has_failed_for_good(bench: Bench) -> None:
    ends = iter([RuntimeError("once"), PermanentJobError("never")])

    async def fail(_: Thing) -> None:
        raise next(ends)

    bench.handle = fail
    with reported() as events:
        job_id = await bench.add()
        await bench.work()
    [event] = events
    assert event["exception"]["values"][-1]["type"] == "PermanentJobError"
    assert event["tags"]["job_id"] == str(job_id)
    assert event["tags"]["job"] == "send_email"
