from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from acme_db.schema_version import revisions
from acme_jobs.state import (
    DeadJobs,
    JobsOfAName,
    RunningJob,
    dead_jobs,
    running_jobs,
    unfinished_jobs,
)


@dataclass(frozen=True)
class Rows:
    """What the database knows of the platform's work, and of itself."""

    unfinished: list[JobsOfAName]
    running: list[RunningJob]
    dead: list[DeadJobs]
    revision: str | None
    head: str | None
    version: str


async def read_rows(engine: AsyncEngine) -> Rows:
    async with engine.connect() as connection:
        revision, head = await revisions(connection)
        return Rows(
            unfinished=list(await unfinished_jobs(connection)),
            running=list(await running_jobs(connection)),
            dead=list(await dead_jobs(connection)),
            revision=revision,
            head=head,
            version=str(await connection.scalar(select(func.current_setting("server_version")))),
        )
