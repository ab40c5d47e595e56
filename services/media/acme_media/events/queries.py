from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from acme_auth.principals import Principal, Role
from acme_db.photo_states import photo_states
from acme_events.catalogue import ProjectProgress


async def count_photos(
    connection: AsyncConnection, caller: Principal, projects: Iterable[UUID]
) -> Sequence[ProjectProgress]:
    """Of whole projects for their operator, of their own photos for a photographer."""
    own = caller.account_id if caller.role is Role.PHOTOGRAPHER else None
    states = await photo_states(connection, list(projects), own)
    return [
        ProjectProgress(
            project_id=project_id,
            awaited=found.awaited,
            processing=found.processing,
            ready=found.ready,
            failed=found.failed,
        )
        for project_id, found in states.items()
    ]
