from uuid import UUID

from fastapi import APIRouter, Response, status

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_backoffice.coaches import service
from acme_backoffice.coaches.errors import CoachNotFound
from acme_backoffice.coaches.schemas import CoachOut, CoachUpdate, CoachWrite
from acme_backoffice.dependencies import OwnedProject
from acme_backoffice.projects.errors import ProjectNotFound
from acme_core.pages import Page
from acme_db.versions import StaleVersion
from acme_web.dependencies import DbSession, OperatorOfToken, Paging, Reads, WrongRole
from acme_web.problems import ValidationFailed, problems
from acme_web.written import written

router = APIRouter(
    prefix="/projects/{project_id}/coaches",
    tags=["coaches"],
    responses=problems(InvalidToken, SessionEnded, WrongRole, ProjectNotFound, ValidationFailed),
)


@router.get("", response_model=Page[CoachOut])
async def list_coaches(project_id: UUID, caller: OperatorOfToken, reader: Reads, page: Paging) -> Response:
    return written(await service.list_coaches(reader, caller, project_id, page))


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_coach(body: CoachWrite, project: OwnedProject, session: DbSession) -> CoachOut:
    return CoachOut.model_validate(await service.create_coach(session, project.id, body))


@router.patch("/{coach_id}", responses=problems(ProjectNotFound, CoachNotFound, StaleVersion))
async def rename_coach(
    coach_id: UUID, body: CoachUpdate, project: OwnedProject, session: DbSession
) -> CoachOut:
    return CoachOut.model_validate(await service.rename_coach(session, project.id, coach_id, body))


@router.delete(
    "/{coach_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(ProjectNotFound, CoachNotFound),
)
async def delete_coach(coach_id: UUID, project: OwnedProject, session: DbSession) -> None:
    await service.delete_coach(session, project.id, coach_id)
