from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response, status

from acme_auth.account_errors import EmailTaken
from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_backoffice.dependencies import OwnedProject
from acme_backoffice.photographers import queries, service
from acme_backoffice.photographers.errors import PhotographerNotFound
from acme_backoffice.photographers.schemas import (
    AssignedProjectOut,
    PhotographerCreate,
    PhotographerOut,
    PhotographerUpdate,
)
from acme_backoffice.projects.errors import ProjectNotFound
from acme_core.pages import Page
from acme_db.models import Photographer
from acme_db.versions import StaleVersion
from acme_web.dependencies import (
    Auth,
    CurrentOperator,
    DbSession,
    OperatorOfToken,
    Paging,
    PhotographerOfToken,
    Reads,
    WrongRole,
)
from acme_web.problems import ValidationFailed, problems
from acme_web.written import written

router = APIRouter(
    tags=["photographers"], responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed)
)


async def _owned_photographer(
    photographer_id: UUID, caller: CurrentOperator, session: DbSession
) -> Photographer:
    return await queries.find_photographer(session, caller.account_id, photographer_id)


OwnedPhotographer = Annotated[Photographer, Depends(_owned_photographer)]


@router.get("/photographers", response_model=Page[PhotographerOut])
async def list_photographers(caller: OperatorOfToken, reader: Reads, page: Paging) -> Response:
    return written(await service.list_photographers(reader, caller, page))


@router.post("/photographers", status_code=status.HTTP_201_CREATED, responses=problems(EmailTaken))
async def create_photographer(
    body: PhotographerCreate, caller: CurrentOperator, session: DbSession, auth: Auth
) -> PhotographerOut:
    photographer = await service.create_photographer(session, auth, caller, body)
    return PhotographerOut.model_validate(photographer)


@router.get("/photographers/me/projects", response_model=Page[AssignedProjectOut])
async def list_my_projects(caller: PhotographerOfToken, reader: Reads, page: Paging) -> Response:
    return written(await service.list_assigned_projects(reader, caller, page))


@router.get("/photographers/{photographer_id}", responses=problems(PhotographerNotFound))
async def get_photographer(photographer: OwnedPhotographer) -> PhotographerOut:
    return PhotographerOut.model_validate(photographer)


@router.patch("/photographers/{photographer_id}", responses=problems(PhotographerNotFound, StaleVersion))
async def update_photographer(
    body: PhotographerUpdate, photographer: OwnedPhotographer, session: DbSession
) -> PhotographerOut:
    return PhotographerOut.model_validate(await service.update_photographer(session, photographer, body))


@router.delete(
    "/photographers/{photographer_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(PhotographerNotFound),
)
async def delete_photographer(
    photographer: OwnedPhotographer, caller: CurrentOperator, session: DbSession
) -> None:
    await service.delete_photographer(session, caller, photographer)


@router.get(
    "/projects/{project_id}/photographers",
    response_model=Page[PhotographerOut],
    responses=problems(ProjectNotFound),
)
async def list_project_photographers(
    project_id: UUID, caller: OperatorOfToken, reader: Reads, page: Paging
) -> Response:
    return written(await service.list_photographers(reader, caller, page, project_id=project_id))


@router.put(
    "/projects/{project_id}/photographers/{photographer_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(ProjectNotFound, PhotographerNotFound),
)
async def assign_photographer(
    project: OwnedProject, photographer: OwnedPhotographer, session: DbSession
) -> None:
    await queries.assign(session, project.id, photographer.id)


@router.delete(
    "/projects/{project_id}/photographers/{photographer_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(ProjectNotFound, PhotographerNotFound),
)
async def unassign_photographer(
    project: OwnedProject, photographer: OwnedPhotographer, session: DbSession
) -> None:
    await queries.unassign(session, project.id, photographer.id)
