from functools import lru_cache
from typing import Annotated
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import State

from acme_auth.principals import Audience, Role
from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_core.pages import DEFAULT_LIMIT, MAX_LIMIT, Cursor, InvalidCursor, Page, PageRequest
from acme_main.dependencies import Storage
from acme_main.gallery import service
from acme_main.gallery.errors import PhotoNotFound, ProjectNotFound, PurchaseRequired
from acme_main.gallery.photo_list import PhotoList
from acme_main.gallery.queries import PhotoFilter
from acme_main.gallery.schemas import DownloadOut, PhotoDetailOut, PhotoOut, ProjectDetailOut, ProjectOut
from acme_web.conditional import revalidated, revalidated_shortly
from acme_web.dependencies import CurrentUser, DbSession, Paging, Reads, UserOfToken, WrongRole
from acme_web.problems import ValidationFailed, problems
from acme_web.shortcuts import Answer, Asked, Shortcut
from acme_web.written import written

router = APIRouter(
    tags=["gallery"], responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed)
)


async def _photo_filter(favourite: bool | None = None, unlocked: bool | None = None) -> PhotoFilter:  # noqa: FBT001 - query parameters
    return PhotoFilter(favourite, unlocked)


async def _photo_list(request: Request) -> PhotoList:
    return _list_of(request.app.state)


def _list_of(state: State) -> PhotoList:
    return PhotoList(state.data.autocommit, state.storage)


class _Wish(BaseModel):
    """What `list_photos` takes."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str | None, Field(max_length=500)] = None
    favourite: bool | None = None
    unlocked: bool | None = None


@lru_cache(maxsize=1024)
def _read_wish(query: bytes) -> tuple[PhotoFilter, PageRequest] | None:
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    if len(pairs) > len(dict(pairs)):
        return None
    try:
        wish = _Wish.model_validate(dict(pairs))
        after = Cursor.decode(wish.cursor) if wish.cursor else None
    except (ValidationError, InvalidCursor):
        return None
    return PhotoFilter(wish.favourite, wish.unlocked), PageRequest(wish.limit, after)


async def _list_photos_shortly(asked: Asked) -> Answer | None:
    wish = _read_wish(asked.query)
    if wish is None:
        return None
    (project_id,) = asked.ids
    return revalidated_shortly(asked, await _list_of(asked.state).page(asked.caller, project_id, *wish))


SHORTCUTS = (
    Shortcut(
        "GET", "/projects/{project_id}/photos", frozenset({Role.USER}), Audience.MAIN, _list_photos_shortly
    ),
)


@router.get("/projects", response_model=Page[ProjectOut])
async def list_projects(caller: UserOfToken, reader: Reads, storage: Storage, page: Paging) -> Response:
    return written(await service.list_projects(reader, storage, caller, page))


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
