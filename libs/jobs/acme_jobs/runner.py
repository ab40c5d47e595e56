"""The one wrapper around every job: claim, run, and record how it ended."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as SqlTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection

from acme_config.jobs import JobName, QueueName
from acme_core.circuit import CircuitOpen
from acme_core.clock import utc_now
from acme_db.engine import SessionFactory
from acme_db.models import JobState, OutboxJob
from acme_jobs.contracts import JobContract, NotNowError, P, Payload, PermanentJobError
from acme_jobs.origins import continued
from acme_jobs.outbox import SUPERSEDED, has_ended, waits_again
from acme_telemetry.crashes import report
from acme_telemetry.metrics import JOB_DURATION, JOB_WAIT, JOBS, Outcome

log = structlog.get_logger()

BACKOFF_FIRST_S = 1.0
BACKOFF_LIMIT_S = 300.0
AGAIN_AFTER = 2
"""As after the second try: the database needs a moment."""


class HandlersIncompleteError(RuntimeError):
    """A worker refuses to start when a contract of its queue has no handler, or a handler no contract."""


class RetryLaterError(Exception):
    """Tells the queue to run the job again after `delay_s`."""

    def __init__(self, delay_s: float) -> None:
        super().__init__(f"again in {delay_s:.1f} s")
        self.delay_s = delay_s


@dataclass(frozen=True)
class Handler:
    """`run` does the job; `on_failure` leaves its subject in a state that people can see.

    `on_revival` takes that back, before a job that was given up is tried anew; it may run more than once.
    """

    contract: JobContract[Any]
    run: Callable[[Any], Awaitable[None]]
    on_failure: Callable[[Any], Awaitable[None]] | None = None
    on_revival: Callable[[Any], Awaitable[None]] | None = None


def handler(
    contract: JobContract[P],
    run: Callable[[P], Awaitable[None]],
    on_failure: Callable[[P], Awaitable[None]] | None = None,
    on_revival: Callable[[P], Awaitable[None]] | None = None,
) -> Handler:
    return Handler(contract, run, on_failure, on_revival)


def prove_complete(
    queue: QueueName, handlers: Sequence[Handler], catalogue: Sequence[JobContract[Any]]
) -> dict[str, Handler]:
    wanted = {contract.name for contract in catalogue if contract.queue is queue}
    found = {item.contract.name: item for item in handlers}
    if wanted != set(found) or any(item.contract.queue is not queue for item in handlers):
        missing, unknown = wanted - set(found), set(found) - wanted
        raise HandlersIncompleteError(f"{queue}: no handler for {sorted(missing)}, unknown {sorted(unknown)}")
    return {str(name): item for name, item in found.items()}


@dataclass(frozen=True)
class Claim:
    id: UUID
    name: JobName
    payload: dict[str, Any]
    attempts: int
    is_revived: bool
    queue: str
    origin: Mapping[str, str]
    waited_s: float


@contextmanager
def _told(claim: Claim) -> Iterator[None]:
    """In metrics, trace and log. What it counts as, is counted where its row is written."""
    JOB_WAIT.labels(claim.queue).observe(max(claim.waited_s, 0))
    started = time.perf_counter()
    with continued(claim.origin, job_id=str(claim.id), job=claim.name, attempt=claim.attempts):
        try:
            yield
        finally:
            seconds = time.perf_counter() - started
            JOB_DURATION.labels(claim.name).observe(seconds)
            log.info("job_run", attempt=claim.attempts, ms=round(seconds * 1000, 1))


def _count(claim: Claim, outcome: Outcome) -> None:
    JOBS.labels(claim.name, outcome).inc()


class JobRunner:
    def __init__(self, sessions: SessionFactory, handlers: Mapping[str, Handler], worker: str) -> None:
        self._sessions = sessions
        self._handlers = handlers
        self._worker = worker

    async def run(self, job_id: UUID) -> None:
        """Raises `RetryLaterError` when the queue should come back to this job.

        So it should when the database was away as the job's state was to be read or written: the queue would
        drop the job else, and its row would wait for nobody, or run for ever.
        """
        try:
            claim = await self._claim(job_id)
            if claim is None:
                return
            with _told(claim):
                await self._run_claimed(claim)
        except (DBAPIError, SqlTimeoutError, OSError) as error:
            log.warning("job_state_unavailable", job_id=str(job_id), error=type(error).__name__)
            raise RetryLaterError(backoff_s(AGAIN_AFTER)) from error

    async def _run_claimed(self, claim: Claim) -> None:
        item = self._handlers[claim.name]
        payload = item.contract.payload.model_validate(claim.payload)
        if claim.attempts > item.contract.max_attempts:
            await self._give_up(claim, item, payload, "it kept killing its worker")
            return
        try:
            async with asyncio.timeout(item.contract.timeout_s):
                if claim.is_revived and item.on_revival is not None:
                    await item.on_revival(payload)
                await item.run(payload)
        except asyncio.CancelledError:
            await asyncio.shield(self._release(claim))
            raise
        except NotNowError as later:
            await self._put_off(claim, later.delay_s)
        except CircuitOpen as rest:
            log.info("job_put_off", reason=str(rest))
            await self._put_off(claim, rest.retry_after_s)
        except Exception as error:
            await self._failed(claim, item, payload, error)
        else:
            await self._finish(claim, JobState.DONE, None)

    async def _failed(self, claim: Claim, item: Handler, payload: Payload, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"[:2000]
        final = isinstance(error, PermanentJobError) or claim.attempts >= item.contract.max_attempts
        log.warning("job_failed", attempt=claim.attempts, final=final, exc_info=error)
        if final:
            report(error)
            await self._give_up(claim, item, payload, reason)
            return
        delay = backoff_s(claim.attempts)
        if await self._reschedule(claim, utc_now() + timedelta(seconds=delay), reason):
            _count(claim, Outcome.RETRIED)
            raise RetryLaterError(delay)

    async def _put_off(self, claim: Claim, least_s: float) -> None:
        """With jitter: those who are put off together do not come back together."""
        delay = least_s * random.uniform(1.0, 1.5)  # noqa: S311 - jitter, not a secret
        run_at = utc_now() + timedelta(seconds=delay)
        if await self._requeue(claim, run_at, None, attempts=claim.attempts - 1):
            _count(claim, Outcome.PUT_OFF)
            raise RetryLaterError(delay)
        await self._finish(claim, JobState.DONE, SUPERSEDED)

    async def _give_up(self, claim: Claim, item: Handler, payload: Payload, reason: str) -> None:
        if item.on_failure is not None:
            await item.on_failure(payload)
        await self._finish(claim, JobState.FAILED, reason)

    async def _claim(self, job_id: UUID) -> Claim | None:
        """None when the job has ended already: the queue may deliver more than once."""
        statement = (
            update(OutboxJob)
            .where(OutboxJob.id == job_id, OutboxJob.state.in_([JobState.QUEUED, JobState.RUNNING]))
            .values(
                state=JobState.RUNNING,
                worker=self._worker,
                started_at=func.now(),
                attempts=OutboxJob.attempts + 1,
            )
            .returning(
                OutboxJob.id,
                OutboxJob.name,
                OutboxJob.payload,
                OutboxJob.attempts,
                OutboxJob.revived_at.is_not(None),
                OutboxJob.queue,
                OutboxJob.origin,
                func.extract("epoch", func.now() - OutboxJob.run_at),
            )
        )
        async with self._one_statement() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is None:
            return None
        job_id, name, payload, attempts, is_revived, queue, origin, waited_s = row
        return Claim(
            job_id, JobName(name), payload, attempts, is_revived, queue, origin or {}, float(waited_s)
        )

    async def _finish(self, claim: Claim, state: JobState, error: str | None) -> None:
        async with self._one_statement() as connection:
            await connection.execute(has_ended(claim.id, state, error))
        _count(claim, Outcome.DONE if state is JobState.DONE else Outcome.FAILED)

    async def _release(self, claim: Claim) -> None:
        """A stopping worker hands its job back; the try does not count."""
        await self._requeue(claim, utc_now(), None, attempts=claim.attempts - 1)
        _count(claim, Outcome.HANDED_BACK)

    async def _reschedule(self, claim: Claim, run_at: datetime, reason: str) -> bool:
        if await self._requeue(claim, run_at, reason, attempts=claim.attempts):
            return True
        await self._finish(claim, JobState.DONE, SUPERSEDED)
        return False

    async def _requeue(self, claim: Claim, run_at: datetime, reason: str | None, *, attempts: int) -> bool:
        """False when a newer job of the same key already waits: it will do this one's work.

        Whether the queue still holds this one, the relay sees: it may have lost its memory since.
        """
        values = {"run_at": run_at, "attempts": attempts, "last_error": reason}
        statement = waits_again(claim.id).values(**values)
        async with self._one_statement() as connection:
            return await connection.scalar(statement) is not None

    @asynccontextmanager
    async def _one_statement(self) -> AsyncIterator[AsyncConnection]:
        """A transaction by itself: no BEGIN and COMMIT around it, twice in the life of each job."""
        async with self._sessions() as session:
            yield await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})


def backoff_s(attempt: int) -> float:
    """Doubles from a second to five minutes, with jitter so that a crowd does not come back together."""
    ceiling = min(BACKOFF_LIMIT_S, BACKOFF_FIRST_S * 2.0 ** min(attempt - 1, 10))
    return random.uniform(ceiling / 2, ceiling)  # noqa: S311 - jitter, not a secret
