from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.coaches.errors import CoachNotFound
from acme_core.pages import PageRequest
from acme_db.keyset import newest_first
from acme_db.models import ProjectCoach


async def find_coach(session: AsyncSession, project_id: UUID, coach_id: UUID) -> ProjectCoach:
    """Raises `CoachNotFound`."""
    coach = await session.scalar(
        select(ProjectCoach).where(ProjectCoach.id == coach_id, ProjectCoach.project_id == project_id)
    )
    if coach is None:
        raise CoachNotFound
    return coach


async def list_coaches(session: AsyncSession, project_id: UUID, page: PageRequest) -> Sequence[ProjectCoach]:
    statement = select(ProjectCoach).where(ProjectCoach.project_id == project_id)
    statement = newest_first(statement, ProjectCoach.created_at, ProjectCoach.id, page)
    return (await session.scalars(statement)).all()
