"""Workers that are killed and stopped, as processes; leases that are lost; memory."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from acme_jobs.batching.scripts import ClaimedJob, QueueReader
from tests.libs.jobs.a_worker import ENDED, LEASE_S, STARTED
from tests.libs.jobs.queue_bench import QueueBench, until, working


@contextmanager
def process(owner: str, seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.libs.jobs.a_worker", owner, str(seconds)]
    running = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": "."})
    try:
        yield running
    finally:
        running.kill()
        running.wait()


async def test_kill_9_in_the_middle_of_jobs_and_they_run_again_after_their_lease(queue: QueueBench) -> None:
    wanted = {f"job-{number}" for number in range(10)}
    await queue.push(*wanted)
    with process("killed", 60) as killed:
        await queue.until_noted(STARTED, 10)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        with process("heir", 0):
            ended = await queue.until_noted(ENDED, 10)
    assert {line.partition(" ")[2] for line in ended} == wanted
    assert all(line.startswith("heir ") for line in ended)


async def test_a_job_that_outlasts_its_lease_stays_its_workers(queue: QueueBench) -> None:
    await queue.push("long")
    with process("first", 3 * LEASE_S):
        await queue.until_noted(STARTED, 1)
        with process("second", 0):
            ended = await queue.until_noted(ENDED, 1)
            await queue.push("next")
            await queue.until_noted(ENDED, 2)
    assert ended == ["first long"]
    assert len(await queue.noted(STARTED)) == 2


async def test_two_processes_never_run_one_job_at_once(queue: QueueBench) -> None:
    wanted = [f"job-{number}" for number in range(400)]
    with process("a", 0.005), process("b", 0.005):
        for start in range(0, 400, 20):
            await queue.push(*wanted[start : start + 20])
            await asyncio.sleep(0.01)
        started = await queue.until_noted(STARTED, 400)
        await queue.until_noted(ENDED, 400)
    assert sorted(line.partition(" ")[2] for line in started) == sorted(wanted)


async def test_sigterm_lets_short_jobs_end(queue: QueueBench) -> None:
    await queue.push("short")
    with process("stopped", 2.5) as stopped:
        await queue.until_noted(STARTED, 1)
        stopped.terminate()
        await asyncio.sleep(1)  # until it has heard: what comes then is not for it
        await queue.push("next")
        assert await asyncio.to_thread(stopped.wait, 10) == 0
    assert await queue.noted(ENDED) == ["stopped short"]
    assert await queue.keys() == {"arq:job:next"}


async def test_sigterm_hands_long_jobs_back_at_once(queue: QueueBench) -> None:
    await queue.push("long")
    with process("stopped", 60) as stopped:
        await queue.until_noted(STARTED, 1)
        stopped.terminate()
        assert await asyncio.to_thread(stopped.wait, 10) == 0
    assert not await queue.redis.exists("arq:in-progress:long")
    await queue.work()
    assert queue.ran == ["long"]


async def test_what_a_stopping_worker_has_just_claimed_is_handed_back(
    queue: QueueBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has given it the jobs, the answer is still under way."""
    is_given = asyncio.Event()
    claim = QueueReader.claim

    async def slow_claim(reader: QueueReader, most: int) -> tuple[list[ClaimedJob], int | None]:
        answer = await claim(reader, most)
        is_given.set()
        await asyncio.sleep(0.2)
        return answer

    await queue.push("a", "b")
    with monkeypatch.context() as patch:
        patch.setattr(QueueReader, "claim", slow_claim)
        worker = queue.worker(burst=False)
        running = asyncio.create_task(worker.async_run())
        await is_given.wait()
        assert worker.main_task is not None
        worker.main_task.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert queue.ran == []
    await queue.work()
    assert set(queue.ran) == {"a", "b"}


async def test_a_worker_that_has_lost_its_lease_leaves_the_job_to_its_new_owner(queue: QueueBench) -> None:
    async def lose(_ctx: dict[Any, Any], job_id: str) -> None:
        await queue.redis.set(f"arq:in-progress:{job_id}", b"another", px=60_000)

    queue.handle = lose
    await queue.push("job")
    worker = queue.worker(max_burst_jobs=1)
    await asyncio.wait_for(worker.async_run(), 20)
    assert await queue.redis.get("arq:in-progress:job") == b"another"
    assert await queue.redis.exists("arq:job:job")


async def test_a_server_that_has_forgotten_the_scripts_is_told_again(queue: QueueBench) -> None:
    async with working(queue.worker(burst=False)):
        await queue.redis.script_flush()
        await queue.push("job")
        await until(lambda: len(queue.ran) == 1)


async def test_draining_many_jobs_keeps_no_memory(queue: QueueBench) -> None:
    """A hundred thousand are drained by `make bench-queue`; a leak of 200 bytes a job shows here too."""

    async def drain(count: int) -> int:
        for start in range(0, count, 1000):
            await queue.push(*(f"job-{number}" for number in range(start, start + 1000)))
        await queue.work(max_jobs=50)
        queue.ran.clear()
        status = await asyncio.to_thread(Path("/proc/self/status").read_text)
        return int(status.partition("VmRSS:")[2].split()[0])

    before = await drain(5_000)
    assert await drain(20_000) - before < 4_000
    assert await queue.redis.dbsize() <= 1, "the health check may stay"
