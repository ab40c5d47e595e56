from uuid import UUID

from fastapi import APIRouter, Depends, status

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_config.jobs import QueueName
from acme_db.members import joined_projects
from acme_media.dependencies import Storage, UploadLimits
from acme_media.photos.service import ObjectStoreDown
from acme_media.selfies import service
from acme_media.selfies.errors import ConsentRequired, ScopeRequired, SelfieNotFound
from acme_media.selfies.schemas import SelfieIssued, SelfieOut, SelfieUploadRequest
from acme_media.uploads import FileTooLarge, UnsupportedMediaType, UploadMissing
from acme_web.capacity import PlatformFull, room_in
from acme_web.dependencies import CurrentMediaUser, Data, DbSession, WrongRole
from acme_web.problems import ValidationFailed, problems
from acme_web.rate_limits import SELFIE_LIMIT, Limits, TooManyRequests, count_selfie

router = APIRouter(
    prefix="/selfie",
    tags=["selfies"],
    responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed),
)

ROOM = room_in(QueueName.FACES)


async def _within_events(caller: CurrentMediaUser, data: Data, limits: Limits) -> None:
    async with data.autocommit.connect() as connection:
        joined = await joined_projects(connection, caller.account_id)
    await count_selfie(limits, joined)


@router.post(
    "/upload-url",
    status_code=status.HTTP_201_CREATED,
    dependencies=[ROOM, SELFIE_LIMIT, Depends(_within_events)],
    responses=problems(
        WrongRole,
        ConsentRequired,
        ScopeRequired,
        FileTooLarge,
        UnsupportedMediaType,
        TooManyRequests,
        PlatformFull,
    ),
)
async def issue_selfie_upload_url(
    body: SelfieUploadRequest,
    caller: CurrentMediaUser,
    session: DbSession,
    storage: Storage,
    limits: UploadLimits,
) -> SelfieIssued:
    return await service.issue_upload(session, storage, limits, caller, body)


@router.post(
    "/{selfie_id}/complete",
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[ROOM],
    responses=problems(
        WrongRole,
        ConsentRequired,
        ScopeRequired,
        SelfieNotFound,
        UploadMissing,
        ObjectStoreDown,
        PlatformFull,
    ),
)
async def complete_selfie(
    selfie_id: UUID, caller: CurrentMediaUser, data: Data, storage: Storage
) -> SelfieOut:
    return await service.complete_upload(data, storage, caller, selfie_id)


@router.get("", responses=problems(SelfieNotFound))
async def get_selfie(caller: CurrentMediaUser, session: DbSession) -> SelfieOut:
    return await service.current_selfie(session, caller)


@router.delete("/{selfie_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problems(SelfieNotFound))
async def delete_selfie(selfie_id: UUID, caller: CurrentMediaUser, session: DbSession) -> None:
    await service.delete_selfie(session, caller, selfie_id)
