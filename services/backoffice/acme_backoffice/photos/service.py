import asyncio
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Principal
from acme_backoffice.photos import queries
from acme_backoffice.photos.likeness import groups_of
from acme_backoffice.photos.schemas import NearDuplicatesOut, PhotoOut
from acme_core.clock import utc_now
from acme_core.pages import PageRequest
from acme_db.models import Photo
from acme_db.models.photo import PhotoStatus
from acme_db.page_json import page_json
from acme_db.photo_rows import told_of, told_of_row
from acme_db.prepared import Reader
from acme_jobs.catalogue import PURGE_PHOTO, PhotoJob
from acme_jobs.outbox import enqueue
from acme_storage.gateway import ObjectStorage

MOST_COMPARED: Final = 5_000
"""The newest; comparing them takes less than a second."""
MOST_GROUPS: Final = 100


async def list_photos(
    reader: Reader,
    storage: ObjectStorage,
    caller: Principal,
    project_id: UUID,
    page: PageRequest,
    status: PhotoStatus | None,
) -> bytes:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    found = await queries.list_photos(reader, caller, project_id, page, status)
    return page_json(PhotoOut, found, lambda row: told_of_row(row, storage.picture_url_of))


async def list_near_duplicates(
    session: AsyncSession, storage: ObjectStorage, project_id: UUID
) -> NearDuplicatesOut:
    hashes = await queries.list_hashes(session, project_id, MOST_COMPARED)
    groups = (await asyncio.to_thread(groups_of, hashes))[:MOST_GROUPS]
    photos = await queries.get_photos(session, [photo_id for group in groups for photo_id in group])
    found = [sorted((photos[photo_id] for photo_id in group), key=_shot_at) for group in groups]
    return NearDuplicatesOut(groups=[[photo_out(photo, storage) for photo in group] for group in found])


def _shot_at(photo: Photo) -> tuple[datetime, UUID]:
    return photo.taken_at or photo.uploaded_at, photo.id


async def delete_photo(session: AsyncSession, caller: Principal, photo_id: UUID) -> None:
    """Gone for everybody at once; its objects follow by a job."""
    photo = await queries.lock_photo_of(session, caller, photo_id)
    photo.deleted_at = utc_now()
    await enqueue(session, PURGE_PHOTO, PhotoJob(photo_id=photo.id), dedupe_key=str(photo.id))


def photo_out(photo: Photo, storage: ObjectStorage) -> PhotoOut:
    told = told_of(photo.failure_code, photo.thumbnail_key, photo.preview_key, storage.picture_url_of)
    return PhotoOut.of_row(photo, **told)
