from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Principal, Role
from acme_config.settings import UploadSettings
from acme_core.clock import utc_now
from acme_core.errors import AppError, Unavailable
from acme_core.pages import Cursor, Page, PageRequest, cut_page
from acme_core.photos import FailureCode, failure_reason
from acme_db.models import Photo
from acme_db.models.photo import PhotoStatus, UploadState
from acme_db.unit_of_work import unit_of_work
from acme_media.photos import queries
from acme_media.photos.completion import accept_upload, start_pipeline
from acme_media.photos.errors import DuplicatePhoto, PhotographerRequired, PhotoNotFailed
from acme_media.photos.schemas import (
    BatchResult,
    BatchUploadOut,
    BatchUploadRequest,
    FileAnnounced,
    PhotoOut,
    UploadIssued,
    UploadRequest,
)
from acme_media.uploads import UploadMissing, UploadOut, require_acceptable
from acme_storage import keys
from acme_storage.gateway import ObjectMissing, ObjectStorage, StorageUnavailable, StoredObject
from acme_web.problems import Problem
from acme_web.resources import DataResources

EXPIRY_MARGIN = timedelta(seconds=120)
"""A PUT that began in time may end after its URL has run out."""


class ObjectStoreDown(Unavailable):
    code = "object_store_unavailable"
    title = "The object store does not answer; try again shortly"


@dataclass(frozen=True)
class Destination:
    """Where photos go, once the caller's right to put them there is proven."""

    project_id: UUID
    photographer_id: UUID


async def issue_upload(
    session: AsyncSession,
    storage: ObjectStorage,
    limits: UploadSettings,
    caller: Principal,
    body: UploadRequest,
) -> UploadIssued:
    destination = await _destination(session, caller, body.project_id, body.photographer_id)
    return await _issue(session, storage, limits, destination, body)


async def issue_uploads(
    session: AsyncSession,
    storage: ObjectStorage,
    limits: UploadSettings,
    caller: Principal,
    body: BatchUploadRequest,
) -> BatchUploadOut:
    """One file's problem does not stop the others."""
    destination = await _destination(session, caller, body.project_id, body.photographer_id)
    items = []
    for file in body.files:
        try:
            issued = await _issue(session, storage, limits, destination, file)
        except AppError as error:
            items.append(BatchResult(filename=file.filename, problem=_problem(error)))
        else:
            items.append(BatchResult(filename=file.filename, issued=issued))
    return BatchUploadOut(items=items)


async def complete_upload(
    data: DataResources, storage: ObjectStorage, caller: Principal, photo_id: UUID
) -> PhotoOut:
    """Raises `PhotoNotFound`, `UploadMissing` or `ObjectStoreDown`. Idempotent."""
    async with data.sessions() as session:
        photo = await queries.find_photo(session, caller, photo_id)
    if photo.upload_state is not UploadState.ISSUED:
        return photo_out(photo, storage)
    stored = await head_upload(storage, photo.storage_key)
    async with unit_of_work(data.sessions) as session:
        photo = await accept_upload(session, photo_id, stored)
    return photo_out(photo, storage)


async def retry_photo(
    session: AsyncSession, storage: ObjectStorage, caller: Principal, photo_id: UUID
) -> PhotoOut:
    """Raises `PhotoNotFound`, `PhotoNotFailed`, `UploadMissing` or `DuplicatePhoto`."""
    photo = await queries.find_photo(session, caller, photo_id, lock=True)
    if photo.status != PhotoStatus.FAILED:
        raise PhotoNotFailed
    if not photo.is_retryable:
        raise UploadMissing
    try:
        await start_pipeline(session, photo)
    except IntegrityError as error:
        raise DuplicatePhoto from error
    return photo_out(photo, storage)


async def list_photos(
    session: AsyncSession,
    storage: ObjectStorage,
    caller: Principal,
    page: PageRequest,
    project_id: UUID | None,
    status: PhotoStatus | None,
) -> Page[PhotoOut]:
    rows = await queries.list_photos(session, caller, project_id, status, page)
    items, cursor = cut_page(rows, page.limit, lambda row: Cursor(row.uploaded_at, row.id))
    return Page(items=[photo_out(item, storage) for item in items], next_cursor=cursor)


async def head_upload(storage: ObjectStorage, key: str) -> StoredObject:
    """Raises `UploadMissing` or `ObjectStoreDown`."""
    try:
        return await storage.head(key)
    except ObjectMissing as error:
        raise UploadMissing from error
    except StorageUnavailable as error:
        raise ObjectStoreDown(headers={"Retry-After": "2"}) from error


def photo_out(photo: Photo, storage: ObjectStorage) -> PhotoOut:
    def url(key: str | None) -> str | None:
        return storage.picture_url(key) if key else None

    told = {"thumbnail_url", "preview_url", "failure_reason"}
    names, code = PhotoOut.model_fields.keys() - told, photo.failure_code
    return PhotoOut(
        failure_reason=failure_reason(FailureCode(code)) if code else None,
        thumbnail_url=url(photo.thumbnail_key),
        preview_url=url(photo.preview_key),
        **{name: getattr(photo, name) for name in names},
    )


async def _destination(
    session: AsyncSession, caller: Principal, project_id: UUID, photographer_id: UUID | None
) -> Destination:
    if caller.role is Role.PHOTOGRAPHER:
        photographer_id = caller.account_id
    if photographer_id is None:
        raise PhotographerRequired
    await queries.require_assignment(session, caller, project_id, photographer_id)
    return Destination(project_id, photographer_id)


async def _issue(
    session: AsyncSession,
    storage: ObjectStorage,
    limits: UploadSettings,
    destination: Destination,
    file: FileAnnounced,
) -> UploadIssued:
    """A file that the project holds is a duplicate; one announced before and never sent gets a new URL."""
    require_acceptable(file.content_type, file.size_bytes, limits.max_bytes)
    expires_at = utc_now() + storage.upload_lifetime + EXPIRY_MARGIN
    project_id, photographer_id = destination.project_id, destination.photographer_id
    photo_id = await queries.add_photo(session, project_id, photographer_id, file, expires_at)
    if photo_id is None:
        known = await queries.find_same_file(session, project_id, file.sha256 or "")
        is_theirs = known.photographer_id == photographer_id
        if known.upload_state is not UploadState.ISSUED or not is_theirs:
            return UploadIssued(photo_id=known.id, duplicate=True)
        known.upload_expires_at, photo_id = expires_at, known.id
        known.content_type, known.size_bytes = file.content_type, file.size_bytes
    key = keys.original(project_id, photo_id)
    signed = storage.presign_upload(key, file.content_type, file.size_bytes)
    return UploadIssued(photo_id=photo_id, upload=UploadOut.of(signed))


def _problem(error: AppError) -> Problem:
    return Problem(
        type=f"urn:acme:problem:{error.code}",
        title=error.title,
        status=error.status,
        detail=error.detail,
        instance="",
        code=error.code,
    )
