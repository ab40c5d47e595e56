from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_backoffice.dependencies import FaceBounds, OwnedProject
from acme_backoffice.projects import service
from acme_backoffice.projects.errors import BoundsNotOrdered, ProjectEndsBeforeStart, ProjectNotFound
from acme_backoffice.projects.queries import ProjectFilter
from acme_backoffice.projects.schemas import (
    FaceIndexOut,
    FaceIndexUpdate,
    ListedProjectOut,
    MemberOut,
    ProjectCreate,
    ProjectOut,
    ProjectUpdate,
)
from acme_core.pages import Page
from acme_db.versions import StaleVersion
from acme_web.dependencies import (
    CurrentOperator,
    DbSession,
    OperatorOfToken,
    Paging,
    QueryText,
    Reads,
    WrongRole,
)
from acme_web.problems import ValidationFailed, problems
from acme_web.written import written

router = APIRouter(
    prefix="/projects", tags=["projects"], responses=problems(InvalidToken, SessionEnded, WrongRole)
)


@router.get("", response_model=Page[ListedProjectOut], responses=problems(ValidationFailed))
async def list_projects(
    caller: OperatorOfToken,
    reader: Reads,
    page: Paging,
    deleted: Annotated[bool, Query(description="Those that can be restored, instead")] = False,  # noqa: FBT002 - a query parameter
    q: QueryText = None,
) -> Response:
    return written(await service.list_projects(reader, caller, ProjectFilter(deleted, q), page))


@router.post("", status_code=status.HTTP_201_CREATED, responses=problems(ValidationFailed))
async def create_project(body: ProjectCreate, caller: CurrentOperator, session: DbSession) -> ProjectOut:
    return ProjectOut.model_validate(await service.create_project(session, caller.account_id, body))


@router.get("/{project_id}", responses=problems(ProjectNotFound, ValidationFailed))
async def get_project(project: OwnedProject) -> ProjectOut:
    return ProjectOut.model_validate(project)


@router.get("/{project_id}/face-index", responses=problems(ProjectNotFound, ValidationFailed))
async def get_face_index(project: OwnedProject) -> FaceIndexOut:
    return service.face_index_out(project)


@router.put("/{project_id}/face-index", responses=problems(ProjectNotFound, ValidationFailed))
async def set_face_index(
    body: FaceIndexUpdate, project: OwnedProject, caller: CurrentOperator, session: DbSession
) -> FaceIndexOut:
    return await service.set_face_index(session, caller, project, body)


@router.patch(
    "/{project_id}",
    responses=problems(
        ProjectNotFound, StaleVersion, ProjectEndsBeforeStart, BoundsNotOrdered, ValidationFailed
    ),
)
async def update_project(
    body: ProjectUpdate,
    project: OwnedProject,
    caller: CurrentOperator,
    session: DbSession,
    faces: FaceBounds,
) -> ProjectOut:
    return ProjectOut.model_validate(await service.update_project(session, faces, caller, project, body))


@router.delete(
    "/{project_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(ProjectNotFound, ValidationFailed),
)
async def delete_project(project: OwnedProject, session: DbSession) -> None:
    await service.delete_project(session, project)


@router.post("/{project_id}/restore", responses=problems(ProjectNotFound, ValidationFailed))
async def restore_project(project_id: UUID, caller: CurrentOperator, session: DbSession) -> ProjectOut:
    project = await service.restore_project(session, caller.account_id, project_id)
    return ProjectOut.model_validate(project)


@router.get(
    "/{project_id}/members",
    response_model=Page[MemberOut],
    responses=problems(ProjectNotFound, ValidationFailed),
)
async def list_members(project_id: UUID, caller: OperatorOfToken, reader: Reads, page: Paging) -> Response:
    return written(await service.list_members(reader, caller, project_id, page))
