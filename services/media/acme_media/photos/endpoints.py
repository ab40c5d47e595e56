from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response, status
from pydantic import ValidationError
from starlette.datastructures import State

from acme_auth.principals import Audience, Role
from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_config.jobs import QueueName
from acme_core.pages import Page
from acme_db.models.photo import PhotoStatus
from acme_media.dependencies import Storage
from acme_media.photos import queries, service
from acme_media.photos.errors import (
    DuplicatePhoto,
    PhotographerRequired,
    PhotoNotFailed,
    PhotoNotFound,
    ProjectNotFound,
)
from acme_media.photos.issuing import UploadIssuer
from acme_media.photos.schemas import (
    BatchUploadOut,
    BatchUploadRequest,
    PhotoOut,
    UploadIssued,
    UploadRequest,
)
from acme_media.photos.service import ObjectStoreDown
from acme_media.photos.written import Issued, write
from acme_media.uploads import FileTooLarge, UnsupportedMediaType, UploadMissing
from acme_web.capacity import PlatformFull, capacity_of, room_in
from acme_web.dependencies import CurrentStaff, Data, DbSession, Paging, Reads, StaffOfToken, WrongRole
from acme_web.problems import ValidationFailed, problems
from acme_web.shortcuts import Answer, Asked, Shortcut
from acme_web.written import written

router = APIRouter(
    prefix="/photographers/me/photos",
    tags=["photos"],
    responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed),
)


async def _issuing(request: Request) -> UploadIssuer:
    return _issuer_of(request.app.state)


def _issuer_of(state: State) -> UploadIssuer:
    return UploadIssuer(state.data, state.storage, state.uploads)


Issuing = Annotated[UploadIssuer, Depends(_issuing)]


def _answer(issued: Issued) -> Answer:
    return Answer(status.HTTP_200_OK if issued.duplicate else status.HTTP_201_CREATED, write(issued))


async def _issue_shortly(asked: Asked) -> Answer | None:
    try:
        body = UploadRequest.model_validate_json(asked.body)
    except ValidationError:
        return None
    if not await capacity_of(asked.state).has_room(*PIPELINE_QUEUES):
        return None
    return _answer(await _issuer_of(asked.state).issue(asked.caller, body))


async def _issue_all_shortly(asked: Asked) -> Answer | None:
    try:
        body = BatchUploadRequest.model_validate_json(asked.body)
    except ValidationError:
        return None
    if not await capacity_of(asked.state).has_room(*PIPELINE_QUEUES):
        return None
    return Answer(status.HTTP_200_OK, write(await _issuer_of(asked.state).issue_all(asked.caller, body)))


PIPELINE_QUEUES = (QueueName.IMAGES, QueueName.FACES)
ROOM = room_in(*PIPELINE_QUEUES)
_STAFF = frozenset({Role.OPERATOR, Role.PHOTOGRAPHER})
SHORTCUTS = (
    Shortcut("POST", f"{router.prefix}/upload-url", _STAFF, Audience.BACKOFFICE, _issue_shortly),
    Shortcut("POST", f"{router.prefix}/upload-urls", _STAFF, Audience.BACKOFFICE, _issue_all_shortly),
)


@router.post(
    "/upload-url",
    response_model=UploadIssued,
    status_code=status.HTTP_201_CREATED,
    dependencies=[ROOM],
    responses={
        **problems(
            ProjectNotFound,
            FileTooLarge,
            UnsupportedMediaType,
            PhotographerRequired,
            ValidationFailed,
            PlatformFull,
        ),
        200: {"model": UploadIssued, "description": "The project holds this file already"},
    },
)
async def issue_upload_url(body: UploadRequest, caller: StaffOfToken, uploads: Issuing) -> Response:
    answer = _answer(await uploads.issue(caller, body))
    return written(answer.json, answer.status)


@router.post(
    "/upload-urls",
    response_model=BatchUploadOut,
    dependencies=[ROOM],
    responses=problems(ProjectNotFound, PhotographerRequired, ValidationFailed, PlatformFull),
)
async def issue_upload_urls(body: BatchUploadRequest, caller: StaffOfToken, uploads: Issuing) -> Response:
    return written(write(await uploads.issue_all(caller, body)))


@router.post(
    "/{photo_id}/complete",
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[ROOM],
    responses=problems(PhotoNotFound, UploadMissing, ObjectStoreDown, PlatformFull),
)
async def complete_upload(photo_id: UUID, caller: CurrentStaff, data: Data, storage: Storage) -> PhotoOut:
    return await service.complete_upload(data, storage, caller, photo_id)


@router.get("", response_model=Page[PhotoOut])
async def list_photos(
    caller: StaffOfToken,
    reader: Reads,
    storage: Storage,
    page: Paging,
    project_id: UUID | None = None,
    status: PhotoStatus | None = None,
) -> Response:
    return written(await service.list_photos(reader, storage, caller, page, project_id, status))


@router.get("/{photo_id}", responses=problems(PhotoNotFound))
async def get_photo(photo_id: UUID, caller: CurrentStaff, session: DbSession, storage: Storage) -> PhotoOut:
    return service.photo_out(await queries.find_photo(session, caller, photo_id), storage)


@router.post(
    "/{photo_id}/retry",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(PhotoNotFound, PhotoNotFailed, UploadMissing, DuplicatePhoto),
)
async def retry_photo(photo_id: UUID, caller: CurrentStaff, session: DbSession, storage: Storage) -> PhotoOut:
    return await service.retry_photo(session, storage, caller, photo_id)
