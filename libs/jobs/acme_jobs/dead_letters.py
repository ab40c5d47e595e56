"""Jobs whose attempts have ended without success: read by people, and revived when what ailed them is mended.

A revived job goes the way of every other one: a waiting row, which the relay (or a push after the commit)
hands to its queue. Its handler first takes back what giving up said of its subject (`Handler.on_revival`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from acme_core.errors import NotFound
from acme_core.pages import PageRequest
from acme_db.listing import Cut, after_values, newest_first_of
from acme_db.models import JobState, OutboxJob
from acme_jobs.batching.scripts import NewJob
from acme_jobs.outbox import SUPERSEDED, another_waits, push_after_commit

TRIES = 5
"""A job of the same key may be written between our look and our change: the index says so; we look again."""


class JobNotFound(NotFound):
    code = "job_not_found"
    title = "There is no such job"


@dataclass(frozen=True)
class DeadLetters:
    """Which ones. What is None does not narrow."""

    name: str | None = None
    queue: str | None = None
    older_than: timedelta | None = None
    """Since they were given up."""
    ids: Sequence[UUID] | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        wanted = [OutboxJob.state == JobState.FAILED]
        if self.name is not None:
            wanted.append(OutboxJob.name == self.name)
        if self.queue is not None:
            wanted.append(OutboxJob.queue == self.queue)
        if self.older_than is not None:
            wanted.append(OutboxJob.finished_at < func.now() - self.older_than)
        if self.ids is not None:
            wanted.append(OutboxJob.id.in_(self.ids))
        return wanted


@dataclass(frozen=True)
class Pile:
    """The dead letters of one name."""

    name: str
    queue: str
    count: int


@dataclass(frozen=True)
class Revived:
    """`superseded` ones had a newer job of their key, which does their work."""

    revived: Sequence[UUID]
    superseded: Sequence[UUID]


async def list_dead(session: AsyncSession, wanted: DeadLetters, page: PageRequest) -> Sequence[OutboxJob]:
    """One more than the page holds; the cursor is (`finished_at`, `id`)."""
    statement = select(OutboxJob).where(*wanted.conditions())
    cut = Cut(page.after is not None, page.limit + 1)
    statement = newest_first_of(statement, OutboxJob.finished_at, OutboxJob.id, cut)
    return (await session.scalars(statement, after_values(page))).all()


async def count_dead(session: AsyncSession, wanted: DeadLetters) -> list[Pile]:
    """By name, the largest pile first."""
    count = func.count().label("count")
    statement = select(OutboxJob.name, OutboxJob.queue, count).where(*wanted.conditions())
    statement = statement.group_by(OutboxJob.name, OutboxJob.queue).order_by(count.desc(), OutboxJob.name)
    return [Pile(*row) for row in (await session.execute(statement)).all()]


async def find_job(session: AsyncSession, job_id: UUID) -> OutboxJob:
    """In whatever state. Raises `JobNotFound`."""
    job: OutboxJob | None = await session.get(OutboxJob, job_id)
    if job is None:
        raise JobNotFound
    return job


async def revive(session: AsyncSession, wanted: DeadLetters) -> Revived:
    """All tries anew, from now. Whoever asks writes down `AuditAction.JOBS_RETRIED`."""
    for attempt in range(1, TRIES + 1):
        try:
            async with session.begin_nested():
                return await _revive(session, wanted)
        except IntegrityError:
            if attempt == TRIES:
                raise
    raise AssertionError("the last try returns or raises")


async def _revive(session: AsyncSession, wanted: DeadLetters) -> Revived:
    superseded = await _settle_superseded(session, wanted)
    statement = (
        update(OutboxJob)
        .where(*wanted.conditions())
        .values(
            state=JobState.QUEUED,
            attempts=0,
            revived_at=func.now(),
            run_at=func.now(),
            pushed_at=None,
            started_at=None,
            finished_at=None,
            last_error=None,
        )
        .returning(OutboxJob.id, OutboxJob.name, OutboxJob.queue)
        .execution_options(synchronize_session=False)
    )
    rows = (await session.execute(statement)).all()
    push_after_commit(session, [NewJob(str(row.id), row.name, row.queue) for row in rows])
    return Revived([row.id for row in rows], superseded)


async def _settle_superseded(session: AsyncSession, wanted: DeadLetters) -> Sequence[UUID]:
    """Of one key only one may wait: one that does already, else the youngest of the dead letters."""
    statement = (
        update(OutboxJob)
        .where(*wanted.conditions(), _has_successor(wanted))
        .values(state=JobState.DONE, last_error=SUPERSEDED)
        .returning(OutboxJob.id)
        .execution_options(synchronize_session=False)
    )
    return (await session.scalars(statement)).all()


def _has_successor(wanted: DeadLetters) -> ColumnElement[bool]:
    chosen: Any = select(OutboxJob.id, OutboxJob.dedupe_key, OutboxJob.created_at)
    younger = chosen.where(*wanted.conditions()).subquery()
    is_older = exists().where(
        younger.c.dedupe_key == OutboxJob.dedupe_key,
        younger.c.id != OutboxJob.id,
        (younger.c.created_at > OutboxJob.created_at)
        | ((younger.c.created_at == OutboxJob.created_at) & (younger.c.id > OutboxJob.id)),
    )
    return another_waits() | is_older
