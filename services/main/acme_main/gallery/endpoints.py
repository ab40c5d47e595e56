from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response, status

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_core.pages import Page
from acme_main.dependencies import Storage
from acme_main.gallery import service
from acme_main.gallery.errors import PhotoNotFound, ProjectNotFound, PurchaseRequired
from acme_main.gallery.photo_list import PhotoList
from acme_main.gallery.queries import PhotoFilter
from acme_main.gallery.schemas import DownloadOut, PhotoDetailOut, PhotoOut, ProjectDetailOut, ProjectOut
from acme_web.conditional import revalidated
from acme_web.dependencies import CurrentUser, DbSession, Paging, UserOfToken, WrongRole
from acme_web.problems import ValidationFailed, problems

router = APIRouter(
    tags=["gallery"], responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed)
)


async def _photo_filter(favourite: bool | None = None, unlocked: bool | None = None) -> PhotoFilter:  # noqa: FBT001 - query parameters
    return PhotoFilter(favourite, unlocked)


async def _photo_list(request: Request) -> PhotoList:
    state = request.app.state
    return PhotoList(state.data.autocommit, state.storage)


@router.get("/projects")
async def list_projects(
    caller: CurrentUser, session: DbSession, storage: Storage, page: Paging
) -> Page[ProjectOut]:
    return await service.list_projects(session, storage, caller.account_id, page)


@router.get("/projects/{project_id}", responses=problems(ProjectNotFound))
async def get_project(
    project_id: UUID, caller: CurrentUser, session: DbSession, storage: Storage
) -> ProjectDetailOut:
    return await service.get_project(session, storage, caller.account_id, project_id)


@router.get(
    "/projects/{project_id}/photos",
    response_model=Page[PhotoOut],
    responses={**problems(ProjectNotFound), 304: {"description": "As `If-None-Match` knows it"}},
)
async def list_photos(
    project_id: UUID,
    caller: UserOfToken,
    photos: Annotated[PhotoList, Depends(_photo_list)],
    page: Paging,
    wanted: Annotated[PhotoFilter, Depends(_photo_filter)],
    request: Request,
) -> Response:
    return revalidated(request, await photos.page(caller, project_id, wanted, page))


@router.get("/photos/{photo_id}", responses=problems(PhotoNotFound))
async def get_photo(
    photo_id: UUID, caller: CurrentUser, session: DbSession, storage: Storage
) -> PhotoDetailOut:
    return await service.get_photo(session, storage, caller.account_id, photo_id)


@router.delete(
    "/photos/{photo_id}/tags/me",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(PhotoNotFound),
)
async def reject_own_tag(photo_id: UUID, caller: CurrentUser, session: DbSession) -> None:
    await service.reject_own_tag(session, caller, photo_id)


@router.put(
    "/photos/{photo_id}/favourite",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(PhotoNotFound),
)
async def add_favourite(photo_id: UUID, caller: CurrentUser, session: DbSession) -> None:
    await service.add_favourite(session, caller.account_id, photo_id)


@router.delete(
    "/photos/{photo_id}/favourite",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(PhotoNotFound),
)
async def remove_favourite(photo_id: UUID, caller: CurrentUser, session: DbSession) -> None:
    await service.remove_favourite(session, caller.account_id, photo_id)


@router.get("/photos/{photo_id}/download", responses=problems(PhotoNotFound, PurchaseRequired))
async def download_photo(
    photo_id: UUID, caller: CurrentUser, session: DbSession, storage: Storage
) -> DownloadOut:
    return await service.download_photo(session, storage, caller.account_id, photo_id)
