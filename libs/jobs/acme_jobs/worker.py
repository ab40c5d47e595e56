"""Builds an arq worker that reads one queue."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from arq import Retry, cron
from arq.connections import ArqRedis
from arq.cron import CronJob
from arq.worker import Function, func

from acme_config.jobs import JobName, QueueName
from acme_core.checks import Check
from acme_core.garbage import leave_what_stays
from acme_core.ids import new_token
from acme_db.engine import SessionFactory
from acme_jobs.batching.worker import BatchingWorker
from acme_jobs.catalogue import CATALOGUE
from acme_jobs.contracts import CLAIM_MARGIN_S
from acme_jobs.heartbeat import beating
from acme_jobs.queue import deserialize, serialize
from acme_jobs.runner import Handler, JobRunner, RetryLaterError, prove_complete
from acme_telemetry.crashes import report
from acme_telemetry.metrics import JOB_DURATION, JOBS, Outcome

log = structlog.get_logger()

COMPLETION_WAIT_S = 10
NEVER = 1_000_000
"""Tries are counted in the database, across crashes; arq's own count must not end a job unseen."""


@dataclass(frozen=True)
class Times:
    """Of the day in UTC; None is any."""

    seconds: frozenset[int] = frozenset({0})
    minutes: frozenset[int] | None = None
    hours: frozenset[int] | None = None


@dataclass(frozen=True)
class Periodic:
    """`run` at these times; once, however many workers there are."""

    name: JobName
    times: Times
    run: Callable[[], Awaitable[object]]
    timeout_s: float = 55.0


@dataclass(frozen=True)
class WorkerPlan:
    queue: QueueName
    handlers: Sequence[Handler] = ()
    periodic: Sequence[Periodic] = ()
    concurrency: int = 10
    checks: Mapping[str, Check] = field(default_factory=dict)
    """Of what its jobs depend on, and only they reach."""
    alive_file: Path | None = None
    name: str = field(
        default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{new_token('w', random_bytes=6)}"
    )


def build_worker(plan: WorkerPlan, redis: ArqRedis, sessions: SessionFactory) -> BatchingWorker:
    handlers = prove_complete(plan.queue, plan.handlers, CATALOGUE)
    runner = JobRunner(sessions, handlers, plan.name)
    return BatchingWorker(
        functions=[_function(runner, item) for item in handlers.values()],
        cron_jobs=[_cron(item) for item in plan.periodic],
        redis_pool=redis,
        owner=plan.name,
        queue_name=plan.queue,
        max_jobs=plan.concurrency + len(plan.periodic),
        max_tries=NEVER,
        keep_result=0,
        job_completion_wait=COMPLETION_WAIT_S,
        job_serializer=serialize,
        job_deserializer=deserialize,
        log_results=False,
    )


async def run_worker(plan: WorkerPlan, redis: ArqRedis, sessions: SessionFactory) -> None:
    """Works until SIGTERM or SIGINT; running jobs may finish, what does not is handed back."""
    worker = build_worker(plan, redis, sessions)
    leave_what_stays()
    log.info("worker_started", queue=plan.queue, worker=plan.name)
    async with beating(redis, plan.name, plan.queue, plan.checks, plan.alive_file):
        with contextlib.suppress(asyncio.CancelledError):
            await worker.async_run()
        await asyncio.gather(*worker.tasks.values(), return_exceptions=True)
    log.info("worker_stopped", queue=plan.queue, worker=plan.name)


def _function(runner: JobRunner, item: Handler) -> Function:
    async def run(ctx: dict[Any, Any], job_id: str) -> None:  # noqa: ARG001 - arq passes it
        try:
            await runner.run(UUID(job_id))
        except RetryLaterError as later:
            raise Retry(defer=later.delay_s) from None

    return func(run, name=item.contract.name, timeout=item.contract.timeout_s + CLAIM_MARGIN_S, keep_result=0)


def _cron(item: Periodic) -> CronJob:
    async def run(ctx: dict[Any, Any]) -> None:  # noqa: ARG001 - arq passes it
        with (
            structlog.contextvars.bound_contextvars(job=item.name),
            JOB_DURATION.labels(item.name).time(),
        ):
            outcome = Outcome.FAILED
            try:
                await item.run()
                outcome = Outcome.DONE
            except Exception as error:
                log.exception("periodic_job_failed")
                report(error)
            finally:
                JOBS.labels(item.name, outcome).inc()

    hours, minutes = item.times.hours, item.times.minutes
    return cron(
        run,
        name=item.name,
        hour=set(hours) if hours is not None else None,
        minute=set(minutes) if minutes is not None else None,
        second=set(item.times.seconds),
        timeout=item.timeout_s,
        keep_result=0,
        max_tries=1,
    )
