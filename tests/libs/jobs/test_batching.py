"""What arq promises, our worker keeps, on the real queue."""

import asyncio
import json
import time
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from arq import Retry, cron
from arq.jobs import JobStatus
from arq.worker import Worker, func

from acme_jobs.batching.grouping import Grouped
from acme_jobs.batching.scripts import Ending, Lease, QueueReader
from acme_jobs.batching.worker import BatchingWorker, ResultsNotKeptError
from tests.libs.jobs.a_worker import QUEUE
from tests.libs.jobs.queue_bench import QueueBench, until, working


async def test_each_job_runs_once_and_nothing_is_left(queue: QueueBench) -> None:
    wanted = [f"job-{number}" for number in range(500)]
    await queue.push(*wanted)
    workers = [queue.worker(max_jobs=7) for _ in range(3)]
    await asyncio.gather(*(asyncio.wait_for(worker.async_run(), 20) for worker in workers))
    assert sorted(queue.ran) == sorted(wanted)
    assert await queue.keys() == set()
    assert all(worker.jobs_complete > 0 for worker in workers)


async def test_no_more_run_at_once_than_the_worker_may(queue: QueueBench) -> None:
    running, most = 0, 0

    async def count(_ctx: dict[Any, Any], _job_id: str) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1

    queue.handle = count
    await queue.push(*(f"job-{number}" for number in range(50)))
    await queue.work(max_jobs=5)
    assert most == 5
    assert len(queue.ran) == 50


async def test_jobs_start_in_the_order_of_their_time(queue: QueueBench) -> None:
    now = time.time()
    for number in (3, 1, 2):
        await queue.push(f"job-{number}", at=now - 10 + number)
    await queue.work(max_jobs=1)
    assert queue.ran == ["job-1", "job-2", "job-3"]


@pytest.mark.usefixtures("no_polling")
async def test_a_deferred_job_starts_at_its_time_and_not_before(queue: QueueBench) -> None:
    starts: list[float] = []

    async def note(_ctx: dict[Any, Any], _job_id: str) -> None:
        starts.append(time.time())

    queue.handle = note
    due = time.time() + 1
    async with working(queue.worker(burst=False)):
        await queue.push("later", at=due)
        await until(lambda: len(starts) == 1)
    assert starts[0] >= due - 0.001


@pytest.mark.usefixtures("no_polling")
async def test_a_push_wakes_a_sleeping_worker(queue: QueueBench) -> None:
    async with working(queue.worker(burst=False)):
        for number in range(5):
            await queue.push(f"job-{number}")
            await until(lambda: len(queue.ran) > number)  # noqa: B023 - awaited before the next number
            await asyncio.sleep(0.05)


@pytest.mark.usefixtures("no_polling")
async def test_work_that_one_worker_has_no_room_for_wakes_the_next(queue: QueueBench) -> None:
    """All are pushed in one call, which wakes one worker; none ends before all have started."""
    together = asyncio.Barrier(3)
    queue.handle = lambda _ctx, _job_id: _meet(together)
    async with working(*(queue.worker(burst=False, max_jobs=1) for _ in range(3))):
        await queue.push("a", "b", "c")
        await until(lambda: len(queue.ran) == 3)


@pytest.mark.usefixtures("no_polling")
async def test_a_retry_wakes_its_worker_when_it_is_due(queue: QueueBench) -> None:
    async def fail_once(ctx: dict[Any, Any], _job_id: str) -> None:
        if ctx["job_try"] == 1:
            raise Retry(defer=0.3)

    queue.handle = fail_once
    async with working(queue.worker(burst=False)):
        await queue.push("job")
        await until(lambda: len(queue.ran) == 2)


async def test_a_retry_comes_after_its_delay_and_counts(queue: QueueBench) -> None:
    tries: list[tuple[int, float]] = []

    async def fail_twice(ctx: dict[Any, Any], _job_id: str) -> None:
        tries.append((ctx["job_try"], time.monotonic()))
        if len(tries) < 3:
            raise Retry(defer=0.2)

    queue.handle = fail_twice
    await queue.push("job")
    worker = await queue.work()
    assert [number for number, _ in tries] == [1, 2, 3]
    assert all(later - earlier >= 0.19 for (_, earlier), (_, later) in pairwise(tries))
    assert (worker.jobs_complete, worker.jobs_retried) == (1, 2)
    assert await queue.keys() == set()


async def test_a_job_is_tried_as_often_as_it_may(queue: QueueBench) -> None:
    async def fail(_ctx: dict[Any, Any], _job_id: str) -> None:
        raise Retry

    queue.handle = fail
    await queue.push("job")
    worker = await queue.work(max_tries=3)
    assert len(queue.ran) == 3
    assert worker.jobs_failed == 1
    assert await queue.keys() == set()


async def test_an_error_ends_a_job_and_no_other(queue: QueueBench) -> None:
    async def fail(_ctx: dict[Any, Any], job_id: str) -> None:
        if job_id == "bad":
            raise ZeroDivisionError

    queue.handle = fail
    await queue.push("good", "bad", "fine")
    worker = await queue.work()
    assert sorted(queue.ran) == ["bad", "fine", "good"]
    assert (worker.jobs_complete, worker.jobs_failed) == (2, 1)


async def test_a_job_that_takes_too_long_is_ended(queue: QueueBench) -> None:
    queue.handle = lambda _ctx, _job_id: asyncio.sleep(30)
    await queue.push("slow")
    worker = await queue.work(job_timeout=0.2)
    assert (len(queue.ran), worker.jobs_failed) == (1, 1)
    assert await queue.keys() == set()


async def test_any_number_is_claimed_and_ended_in_one_call(queue: QueueBench) -> None:
    """Lua hands no more than some thousand arguments on."""
    wanted = [f"job-{number}" for number in range(9_000)]
    await queue.push(*wanted)
    reader = QueueReader(queue.redis, QUEUE, Lease("w", 60_000))
    claimed, _ = await reader.claim(len(wanted))
    assert sorted(job.id for job in claimed) == sorted(wanted)
    assert all(json.loads(job.body or b"")["a"] == [job.id] for job in claimed)
    await reader.finish(Ending(job.id, is_final=False) for job in claimed)
    again, _ = await reader.claim(len(wanted))
    assert {job.attempt for job in claimed} == {1}
    assert {job.attempt for job in again} == {2}
    await reader.finish(Ending(job.id, is_final=True) for job in again)
    assert await queue.keys() == set()


async def test_a_lease_is_short_however_long_its_job_may_take(queue: QueueBench) -> None:
    leases: list[int] = []

    async def look(_ctx: dict[Any, Any], job_id: str) -> None:
        leases.append(await queue.redis.pttl(f"arq:in-progress:{job_id}"))

    queue.handle = look
    await queue.push("job")
    await queue.work(job_timeout=3600)
    assert 0 < leases[0] <= 30_000


async def test_an_id_that_waits_or_runs_is_not_taken_again_and_one_that_has_ended_is(
    queue: QueueBench,
) -> None:
    """As with arq: whoever looks for newer work does it before the end."""

    async def push_again(_ctx: dict[Any, Any], job_id: str) -> None:
        await queue.push(job_id)

    queue.handle = push_again
    await queue.push("job")
    await queue.push("job")
    await queue.work()
    assert queue.ran == ["job"]
    queue.handle = None
    await queue.push("job")
    await queue.work()
    assert queue.ran == ["job", "job"]


@pytest.mark.parametrize("allow_abort_jobs", [True, False])
async def test_a_running_job_is_aborted_where_that_is_allowed(
    queue: QueueBench, *, allow_abort_jobs: bool
) -> None:
    started, ended = asyncio.Event(), []

    async def hang(_ctx: dict[Any, Any], job_id: str) -> None:
        started.set()
        await asyncio.sleep(1.5)
        ended.append(job_id)

    queue.handle = hang
    await queue.push("job")
    working = asyncio.create_task(queue.work(allow_abort_jobs=allow_abort_jobs))
    await asyncio.wait_for(started.wait(), 5)
    await queue.job().abort(timeout=5, poll_delay=0.05)
    worker = await working
    assert bool(ended) is not allow_abort_jobs
    assert worker.jobs_failed == int(allow_abort_jobs)


async def test_a_job_that_waits_is_aborted_before_it_starts(queue: QueueBench) -> None:
    await queue.push("job", at=time.time() + 60)
    aborting = asyncio.create_task(queue.job().abort(timeout=5, poll_delay=0.05))
    await asyncio.sleep(0.1)
    await queue.work(allow_abort_jobs=True)
    await aborting
    assert queue.ran == []
    assert await queue.keys() == set()


async def test_a_body_that_has_expired_or_cannot_be_read_ends_its_job(queue: QueueBench) -> None:
    await queue.push("gone", "broken", "unknown")
    await queue.redis.delete("arq:job:gone")
    await queue.redis.set("arq:job:broken", b"{")
    await queue.redis.set("arq:job:unknown", b'{"t":null,"f":"?","a":[],"k":{},"et":0}')
    worker = await queue.work()
    assert (worker.jobs_failed, queue.ran) == (3, [])
    assert await queue.keys() == set()


async def test_periodic_jobs_run_once_however_many_workers_there_are(queue: QueueBench) -> None:
    times: list[int] = []

    async def tick(ctx: dict[Any, Any]) -> None:
        times.append(ctx["score"])

    def clock() -> Worker:
        every_second = cron(tick, name="tick", second=set(range(60)), keep_result=0)
        return queue.worker(burst=False, cron_jobs=[every_second])

    async with working(clock(), clock(), clock()):
        await until(lambda: len(times) >= 3)
    assert len(set(times)) == len(times)


async def test_arqs_own_client_and_worker_share_the_queue(queue: QueueBench) -> None:
    """Each takes what the other leaves: an update may be rolled out, and back, while jobs wait."""
    await queue.redis.enqueue_job("work", "from-arq", _job_id="from-arq", _queue_name=QUEUE)
    assert await queue.job("from-arq").status() is JobStatus.queued
    await queue.redis.enqueue_job(
        "work", "soon", _job_id="soon", _queue_name=QUEUE, _defer_by=timedelta(seconds=0.3)
    )
    await queue.work()
    await queue.push("from-us")
    await asyncio.wait_for(queue.worker(Worker).async_run(), 20)
    assert queue.ran == ["from-arq", "soon", "from-us"]
    assert await queue.keys() == set()


async def test_a_worker_tells_its_health_as_arq_does(queue: QueueBench) -> None:
    await queue.push("job")
    await queue.work()
    assert await queue.redis.get(f"{QUEUE}:health-check") is not None


async def test_results_are_refused_for_they_would_not_be_kept(queue: QueueBench) -> None:
    with pytest.raises(ResultsNotKeptError):
        BatchingWorker([func(queue._work, name="work")], redis_pool=queue.redis, owner="w", queue_name=QUEUE)


async def test_items_of_a_group_are_written_together_and_an_error_reaches_all_of_them() -> None:
    written: list[list[int]] = []

    async def write(items: list[int]) -> None:
        written.append(items)
        await asyncio.sleep(0.01)
        if 3 in items:
            raise ConnectionError

    grouped = Grouped(write)
    first = asyncio.create_task(grouped.add(1))
    await asyncio.sleep(0.005)
    rest = await asyncio.gather(grouped.add(2), grouped.add(3), return_exceptions=True)
    await first
    assert written == [[1], [2, 3]]
    assert [type(answer) for answer in rest] == [ConnectionError, ConnectionError]


async def _meet(barrier: asyncio.Barrier) -> None:
    await barrier.wait()
