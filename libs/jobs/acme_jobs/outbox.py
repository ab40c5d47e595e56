"""A job is a row written in the transaction of its cause; the queue only carries the row's id."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Update, delete, exists, func, literal_column, or_, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate

from acme_db.models import JobState, OutboxJob
from acme_db.unit_of_work import after_commit
from acme_jobs.batching.scripts import NewJob
from acme_jobs.contracts import JobContract, P
from acme_jobs.origins import origin

PUSHER = "acme_job_pusher"
SUPERSEDED = "a newer job of the same key waits"
"""Said of a job that ends without having run: the other one will do its work."""

_TO_PUSH = "acme_jobs_to_push"


class JobPusher(Protocol):
    async def push(self, jobs: Sequence[NewJob]) -> None:
        """Hand committed jobs to their queues. Must not raise: what fails here the relay does later."""


async def enqueue(
    session: AsyncSession,
    contract: JobContract[P],
    payload: P,
    *,
    dedupe_key: str | None = None,
    run_at: datetime | None = None,
) -> UUID | None:
    """Write the job into the running transaction; push it right after the commit.

    Returns its id, or None when a job of the same `dedupe_key` already waits (it will see what is
    committed here, for it has not started yet).
    """
    statement = (
        insert(OutboxJob)
        .values(
            name=contract.name,
            queue=contract.queue,
            payload=payload.model_dump(mode="json"),
            dedupe_key=_key(contract, dedupe_key) if dedupe_key else None,
            run_at=run_at or func.now(),
            origin=origin(),
        )
        .on_conflict_do_nothing(index_elements=["dedupe_key"], index_where=text("state = 'queued'"))
        .returning(OutboxJob.id)
    )
    job_id: UUID | None = await session.scalar(statement)
    if job_id is not None:
        push_after_commit(session, [NewJob(str(job_id), contract.name, contract.queue, _ms(run_at))])
    return job_id


async def withdraw(session: AsyncSession, contract: JobContract[P], dedupe_key: str) -> None:
    """The job of this key does not run, if it still waits. One that runs is not stopped."""
    statement = delete(OutboxJob).where(
        OutboxJob.dedupe_key == _key(contract, dedupe_key),
        OutboxJob.state == literal_column(f"'{JobState.QUEUED}'"),  # as its index has it
    )
    await session.execute(statement.execution_options(synchronize_session=False))


def another_waits() -> ColumnElement[bool]:
    """A condition: another job of this one's key waits, and will do its work."""
    other = aliased(OutboxJob)
    return exists().where(
        other.dedupe_key == OutboxJob.dedupe_key,
        other.state == literal_column(f"'{JobState.QUEUED}'"),  # as its index has it
        other.id != OutboxJob.id,  # it waits itself, where its worker was given up too early and goes on
    )


def waits_again(job_id: UUID) -> ReturningUpdate[tuple[UUID]]:
    """A job that has been taken from the outbox is put back, to be pushed by the relay; returns its id.

    Not so where a newer job of its key waits already: that one will do its work, and this one has ended.
    """
    return (
        update(OutboxJob)
        .where(OutboxJob.id == job_id, or_(OutboxJob.dedupe_key.is_(None), ~another_waits()))
        .values(state=JobState.QUEUED, worker=None, pushed_at=None)
        .returning(OutboxJob.id)
    )


def has_ended(job_id: UUID, state: JobState, error: str | None) -> Update:
    ending = {"state": state, "finished_at": func.now(), "last_error": error, "worker": None}
    return update(OutboxJob).where(OutboxJob.id == job_id).values(**ending)


def _key(contract: JobContract[P], dedupe_key: str) -> str:
    return f"{contract.name}:{dedupe_key}"


def push_after_commit(session: AsyncSession, new: Sequence[NewJob]) -> None:
    """All jobs of a transaction in one call. Of a session that cannot push, the relay pushes them."""
    pusher: JobPusher | None = session.info.get(PUSHER)
    if pusher is None or not new:
        return
    jobs: list[NewJob] | None = session.info.get(_TO_PUSH)
    if jobs is None:
        jobs = session.info[_TO_PUSH] = []
        after_commit(session, partial(_push, session, pusher))
    jobs.extend(new)


async def _push(session: AsyncSession, pusher: JobPusher) -> None:
    await pusher.push(session.info.pop(_TO_PUSH))


def _ms(instant: datetime | None) -> int | None:
    return None if instant is None else int(instant.timestamp() * 1000)
