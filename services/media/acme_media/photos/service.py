import asyncio
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Principal
from acme_core.errors import Unavailable
from acme_core.pages import PageRequest
from acme_db.models import Photo
from acme_db.models.photo import PhotoStatus, UploadState
from acme_db.page_json import page_json
from acme_db.photo_rows import told_of, told_of_row
from acme_db.prepared import Reader
from acme_db.unit_of_work import unit_of_work
from acme_media.photos import queries
from acme_media.photos.completion import accept_upload, start_pipeline
from acme_media.photos.errors import DuplicatePhoto, PhotoNotFailed
from acme_media.photos.schemas import (
    PhotoOut,
)
from acme_media.uploads import UploadMissing
from acme_storage.gateway import ObjectMissing, ObjectStorage, StorageUnavailable, StoredObject
from acme_web.resources import DataResources

STORE_ANSWERS_WITHIN_S = 10.0


class ObjectStoreDown(Unavailable):
    code = "object_store_unavailable"
    title = "The object store does not answer; try again shortly"


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
    reader: Reader,
    storage: ObjectStorage,
    caller: Principal,
    page: PageRequest,
    project_id: UUID | None,
    status: PhotoStatus | None,
) -> bytes:
    """Raises `SessionEnded`."""
    found = await queries.list_photos(reader, caller, project_id, status, page)
    return page_json(PhotoOut, found, lambda row: told_of_row(row, storage.picture_url_of))


async def head_upload(storage: ObjectStorage, key: str) -> StoredObject:
    """Raises `UploadMissing` or `ObjectStoreDown`, after less time than all its tries may take."""
    try:
        async with asyncio.timeout(STORE_ANSWERS_WITHIN_S):
            return await storage.head(key)
    except ObjectMissing as error:
        raise UploadMissing from error
    except (StorageUnavailable, TimeoutError) as error:
        raise ObjectStoreDown(headers={"Retry-After": "2"}) from error


def photo_out(photo: Photo, storage: ObjectStorage) -> PhotoOut:
    told = told_of(photo.failure_code, photo.thumbnail_key, photo.preview_key, storage.picture_url_of)
    return PhotoOut.of_row(photo, **told)
