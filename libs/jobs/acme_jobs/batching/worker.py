import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from arq.connections import ArqRedis
from arq.constants import keep_cronjob_progress
from arq.cron import CronJob
from arq.jobs import SerializationError, deserialize_job_raw
from arq.utils import ms_to_datetime, timestamp_ms, to_ms
from arq.worker import Function, Retry, RetryJob, Worker

from acme_jobs.batching.grouping import Grouped
from acme_jobs.batching.scripts import TRIES_KEPT_S, ClaimedJob, Ending, Lease, QueueReader

log = structlog.get_logger()

LONGEST_REST_S = 0.5
"""arq's own poll delay: how late clocks, aborts, ended leases, and pushes that wake nobody are seen."""
LEASE_S = 30.0
RENEWED_EVERY = 1 / 3
"""Of a lease: two renewals may be missed."""


class ResultsNotKeptError(ValueError):
    """Results stand in the database: this worker writes none."""


@dataclass(frozen=True, slots=True)
class Call:
    function: Function | CronJob
    arguments: Sequence[Any]
    keywords: dict[str, Any]
    context: dict[str, Any]


class BatchingWorker(Worker):
    """arq's worker: its start, signals, clock, health and retries are kept, its way to the queue is not."""

    def __init__(
        self, functions: Sequence[Function], *, redis_pool: ArqRedis, owner: str, **options: Any
    ) -> None:
        """`owner` names this worker in the leases of its jobs; the other options are arq's."""
        # With no delay between polls each of them waits by itself, for what there is to wait for.
        super().__init__(functions, redis_pool=redis_pool, poll_delay=0, **options)
        self._owner = owner
        if any(self._keeps_result(function) for function in self.functions.values()):
            raise ResultsNotKeptError("set keep_result=0 on the worker and on every function")
        self.in_progress_timeout_s = LEASE_S
        self._crash: BaseException | None = None
        self._abort_looked_at = self._leases_renewed_at = 0.0
        self._slot_freed = asyncio.Event()

    def _keeps_result(self, function: Function | CronJob) -> bool:
        kept_s = self.keep_result_s if function.keep_result_s is None else function.keep_result_s
        return bool(kept_s or function.keep_result_forever or self.keep_result_forever)

    async def main(self) -> None:
        # Not earlier: who builds a worker may still change its settings.
        lease = Lease(self._owner, int(self.in_progress_timeout_s * 1000))
        self._reader = QueueReader(self.pool, self.queue_name, lease, may_abort=self.allow_abort_jobs)
        self._endings = Grouped(self._reader.finish)
        await super().main()

    async def _poll_iteration(self) -> None:
        if self._crash is not None:
            raise self._crash
        self._slot_freed.clear()
        await self.heart_beat()
        await self._look_for_aborts()
        await self._renew_leases()
        claimed, next_due = await self._claim()
        for job in claimed:
            self._start(job)
        await self._rest(next_due)

    async def _claim(self) -> tuple[list[ClaimedJob], int | None]:
        claim = self.loop.create_task(self._reader.claim(self._free_slots()))
        try:
            return await asyncio.shield(claim)
        except asyncio.CancelledError:
            # The server may have made them ours already: nobody else could have them until the lease ends.
            claimed, _ = await claim
            await self._reader.finish(Ending(job.id, is_final=False) for job in claimed)
            raise

    def _free_slots(self) -> int:
        if not self.allow_pick_jobs:
            return 0
        free = self.max_jobs - self.job_counter
        if self.burst and self.max_burst_jobs >= 0:
            free = min(free, self.max_burst_jobs - self._jobs_started())
        return max(free, 0)

    async def _rest(self, next_due: int | None) -> None:
        """Until there may be something to claim: pushed, due, or possible because a job has ended."""
        rest_s = LONGEST_REST_S
        if next_due is not None and self._free_slots() > 0:
            rest_s = min(rest_s, (next_due - timestamp_ms()) / 1000)
        if rest_s <= 0:
            return
        if self.burst or self._free_slots() == 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(rest_s):
                    await self._slot_freed.wait()
        else:
            await self._reader.wait(rest_s)

    async def _look_for_aborts(self) -> None:
        if self.allow_abort_jobs and self.loop.time() - self._abort_looked_at >= LONGEST_REST_S:
            self._abort_looked_at = self.loop.time()
            await self._cancel_aborted_jobs()

    async def _renew_leases(self) -> None:
        if (
            self.tasks
            and self.loop.time() - self._leases_renewed_at >= self.in_progress_timeout_s * RENEWED_EVERY
        ):
            self._leases_renewed_at = self.loop.time()
            await self._reader.renew(list(self.tasks))

    def _start(self, job: ClaimedJob) -> None:
        if job.id in self.tasks:
            return  # a loop that stood still has outlived its own lease, and has just got it again
        task = self.loop.create_task(self._work(job))
        self.tasks[job.id] = task
        self.job_counter += 1
        task.add_done_callback(lambda done: self._ended(job.id, done))

    def _ended(self, job_id: str, task: asyncio.Task[None]) -> None:
        self.job_counter -= 1
        del self.tasks[job_id]
        self._slot_freed.set()
        if not task.cancelled() and task.exception() is not None:
            self._crash = task.exception()

    async def _work(self, job: ClaimedJob) -> None:
        call = await self._call_of(job)
        if call is None:
            self.jobs_failed += 1
            await self._endings.add(Ending(job.id, is_final=True))
            return
        if self.on_job_start:
            await self.on_job_start(call.context)
        ending = await self._carry_out(job, call)
        if self.on_job_end:
            await self.on_job_end(call.context)
        await self._endings.add(ending)
        if self.after_job_end:
            await self.after_job_end(call.context)

    async def _call_of(self, job: ClaimedJob) -> Call | None:
        """None, and a line in the log, when it cannot be run."""
        if job.body is None:
            log.warning("job_expired", job_id=job.id)
            return None
        try:
            name, arguments, keywords, first_try, enqueued_ms = deserialize_job_raw(
                job.body, deserializer=self.job_deserializer
            )
        except SerializationError:
            log.exception("job_unreadable", job_id=job.id)
            return None
        function = self.functions.get(name)
        if function is None or job.is_aborted:
            log.warning("job_unknown" if function is None else "job_aborted", job_id=job.id, job=name)
            return None
        attempt = await self._attempt(job, first_try)
        if attempt > (self.max_tries if function.max_tries is None else function.max_tries):
            log.warning("job_tried_too_often", job_id=job.id, job=name, attempt=attempt)
            return None
        of_job = {"job_id": job.id, "job_try": attempt, "score": job.score}
        of_job["enqueue_time"] = ms_to_datetime(enqueued_ms)
        return Call(function, arguments, keywords, {**self.ctx, **of_job})

    async def _attempt(self, job: ClaimedJob, first_try: int | None) -> int:
        """Whoever pushed it may have said where counting starts."""
        if not first_try or first_try <= job.attempt:
            return job.attempt
        await self.pool.setex(f"arq:retry:{job.id}", TRIES_KEPT_S, str(first_try))
        return first_try

    async def _carry_out(self, job: ClaimedJob, call: Call) -> Ending:
        timeout_s = self.job_timeout_s if call.function.timeout_s is None else call.function.timeout_s
        task = self.tasks[job.id]
        self.job_tasks[job.id] = task
        try:
            async with asyncio.timeout(timeout_s):
                await call.function.coroutine(call.context, *call.arguments, **call.keywords)
        except (Exception, asyncio.CancelledError) as error:
            return self._ending_of(job, call.function, error)
        else:
            self.jobs_complete += 1
            return _final(job, call.function)
        finally:
            del self.job_tasks[job.id]

    def _ending_of(self, job: ClaimedJob, function: Function | CronJob, error: BaseException) -> Ending:
        if self.retry_jobs and isinstance(error, Retry):
            self.jobs_retried += 1
            # Its score says since when it is due; the delay counts from now.
            past_ms = timestamp_ms() - job.score if error.defer_score else 0
            return Ending(job.id, is_final=False, ms=(error.defer_score or 0) + past_ms)
        is_aborted = job.id in self.aborting_tasks and isinstance(error, asyncio.CancelledError)
        if self.retry_jobs and not is_aborted and isinstance(error, asyncio.CancelledError | RetryJob):
            self.jobs_retried += 1
            return Ending(job.id, is_final=False)
        self.jobs_failed += 1
        self.aborting_tasks.discard(job.id)
        log.warning("job_ended_in_error", job_id=job.id, job=function.name, exc_info=error)
        return _final(job, function)


def _final(job: ClaimedJob, function: Function | CronJob) -> Ending:
    """A periodic job is pushed by every worker's clock: its id still counts as running for a while."""
    return Ending(
        job.id, is_final=True, ms=to_ms(keep_cronjob_progress) if isinstance(function, CronJob) else 0
    )
