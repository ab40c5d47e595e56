"""A job is a row written in the transaction of its cause; the queue only carries the row's id."""

from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import OutboxJob
from acme_db.unit_of_work import after_commit
from acme_jobs.contracts import JobContract, P

PUSHER = "acme_job_pusher"


class JobPusher(Protocol):
    async def push(self, job_id: UUID) -> None:
        """Hand a committed job to its queue. Must not raise: what fails here the relay does later."""


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
            dedupe_key=f"{contract.name}:{dedupe_key}" if dedupe_key else None,
            run_at=run_at or func.now(),
        )
        .on_conflict_do_nothing(index_elements=["dedupe_key"], index_where=text("state = 'queued'"))
        .returning(OutboxJob.id)
    )
    job_id: UUID | None = await session.scalar(statement)
    pusher: JobPusher | None = session.info.get(PUSHER)
    if job_id is not None and pusher is not None:
        after_commit(session, partial(pusher.push, job_id))
    return job_id
