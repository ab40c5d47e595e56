from uuid import UUID

from fastapi import APIRouter, Response, status

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_backoffice.dependencies import OwnedProject, Storage
from acme_backoffice.photos import service
from acme_backoffice.photos.errors import PhotoNotFound
from acme_backoffice.photos.schemas import NearDuplicatesOut, PhotoOut
from acme_backoffice.projects.errors import ProjectNotFound
from acme_core.pages import Page
from acme_db.models.photo import PhotoStatus
from acme_web.dependencies import CurrentStaff, DbSession, Paging, Reads, StaffOfToken, WrongRole
from acme_web.problems import ValidationFailed, problems
from acme_web.written import written

router = APIRouter(
    tags=["photos"], responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed)
)


@router.get(
    "/projects/{project_id}/photos", response_model=Page[PhotoOut], responses=problems(ProjectNotFound)
)
async def list_project_photos(
    project_id: UUID,
    caller: StaffOfToken,
    reader: Reads,
    storage: Storage,
    page: Paging,
    status: PhotoStatus | None = None,
) -> Response:
    return written(await service.list_photos(reader, storage, caller, project_id, page, status))


@router.get("/projects/{project_id}/photos/near-duplicates", responses=problems(ProjectNotFound))
async def list_near_duplicates(
    project: OwnedProject, session: DbSession, storage: Storage
) -> NearDuplicatesOut:
    return await service.list_near_duplicates(session, storage, project.id)


@router.delete(
    "/photos/{photo_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(PhotoNotFound)
)
async def delete_photo(photo_id: UUID, caller: CurrentStaff, session: DbSession) -> None:
    await service.delete_photo(session, caller, photo_id)
