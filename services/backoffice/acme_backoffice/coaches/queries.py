from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.guards import GuardedListing
from acme_auth.principals import Principal
from acme_backoffice.coaches.errors import CoachNotFound
from acme_backoffice.coaches.schemas import CoachOut
from acme_backoffice.projects.queries import IS_OWNED
from acme_core.pages import PageRequest
from acme_db.listing import Listed, Listing, columns_among
from acme_db.models import ProjectCoach
from acme_db.prepared import Reader

_COACHES = GuardedListing(
    IS_OWNED,
    Listing(
        select(*columns_among(ProjectCoach, CoachOut.model_fields)).where(
            ProjectCoach.project_id == bindparam("project_id")
        ),
        ProjectCoach.created_at,
        ProjectCoach.id,
    ),
)


async def find_coach(session: AsyncSession, project_id: UUID, coach_id: UUID) -> ProjectCoach:
    """Raises `CoachNotFound`."""
    coach = await session.scalar(
        select(ProjectCoach).where(ProjectCoach.id == coach_id, ProjectCoach.project_id == project_id)
    )
    if coach is None:
        raise CoachNotFound
    return coach


async def list_coaches(reader: Reader, caller: Principal, project_id: UUID, page: PageRequest) -> Listed:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    return await _COACHES.page(reader, caller, page, project_id=project_id)
