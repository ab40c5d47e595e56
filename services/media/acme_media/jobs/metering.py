"""What the provider charges for, counted by project and hour."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextvars import ContextVar

from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import MembershipJob, PhotoJob, ProjectJob
from acme_jobs.contracts import P, Payload
from acme_media.jobs import metering_queries as queries
from acme_media.jobs.context import JobContext

_calls: ContextVar[Counter[str] | None] = ContextVar("calls", default=None)


class JobMeter:
    """Counts into the job that is running: an engine does not know for whom it works."""

    def count(self, operation: str) -> None:
        counted = _calls.get()
        if counted is not None:
            counted[operation] += 1


def metered(context: JobContext, run: Callable[[P], Awaitable[None]]) -> Callable[[P], Awaitable[None]]:
    """What a job that fails has called is paid for as well; of a worker that is killed it is lost."""

    async def run_metered(payload: P) -> None:
        counted: Counter[str] = Counter()
        token = _calls.set(counted)
        try:
            await run(payload)
        finally:
            _calls.reset(token)
            if counted:
                await asyncio.shield(_write(context, payload, counted))

    return run_metered


async def _write(context: JobContext, payload: Payload, counted: Counter[str]) -> None:
    async with unit_of_work(context.sessions) as session:
        match payload:
            case PhotoJob():
                project_id = await queries.project_of_photo(session, payload.photo_id)
            case MembershipJob() | ProjectJob():
                project_id = payload.project_id
            case _:
                project_id = None
        await queries.add_calls(session, project_id, counted)
