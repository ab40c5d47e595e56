from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Principal
from acme_backoffice.coaches import queries
from acme_backoffice.coaches.schemas import CoachOut, CoachUpdate, CoachWrite
from acme_core.pages import PageRequest
from acme_db.models import ProjectCoach
from acme_db.page_json import page_json
from acme_db.prepared import Reader
from acme_db.versions import require_version


async def list_coaches(reader: Reader, caller: Principal, project_id: UUID, page: PageRequest) -> bytes:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    return page_json(CoachOut, await queries.list_coaches(reader, caller, project_id, page))


async def create_coach(session: AsyncSession, project_id: UUID, body: CoachWrite) -> ProjectCoach:
    coach = ProjectCoach(project_id=project_id, name=body.name)
    session.add(coach)
    await session.flush()  # the database sets its id and creation time
    return coach


async def rename_coach(
    session: AsyncSession, project_id: UUID, coach_id: UUID, body: CoachUpdate
) -> ProjectCoach:
    """Raises `CoachNotFound` or `StaleVersion`."""
    coach = await queries.find_coach(session, project_id, coach_id)
    require_version(coach, body.version)
    coach.name = body.name
    await session.flush()  # the version counts
    return coach


async def delete_coach(session: AsyncSession, project_id: UUID, coach_id: UUID) -> None:
    await session.delete(await queries.find_coach(session, project_id, coach_id))
