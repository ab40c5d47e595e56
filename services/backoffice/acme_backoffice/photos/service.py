import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Principal
from acme_backoffice.photos import queries
from acme_backoffice.photos.likeness import groups_of
from acme_backoffice.photos.schemas import NearDuplicatesOut, PhotoOut
from acme_core.clock import utc_now
from acme_core.faces import focus_at
from acme_core.pages import Page, PageRequest, page_of
from acme_core.photos import FailureCode, failure_reason
from acme_db.models import Photo
from acme_db.models.photo import PhotoStatus
from acme_db.prepared import Reader, Record
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
) -> Page[PhotoOut]:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    await queries.require_visible_project(reader, caller, project_id)
    found = await queries.list_photos(reader, project_id, page, status)
    items = [
        {**row, "focus": focus_at(row["focus_x"], row["focus_y"]), **_told(storage, row)}
        for row in found.rows
    ]
    return page_of(Page[PhotoOut], items, found.next_cursor)


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
    read = {"failure_code": photo.failure_code}
    keys = {"thumbnail_key": photo.thumbnail_key, "preview_key": photo.preview_key}
    return PhotoOut.of_row(photo, **_told(storage, {**read, **keys}))


def _told(storage: ObjectStorage, photo: Mapping[str, Any] | Record) -> dict[str, str | None]:
    """What no column says, of a mapped photo and of a row alike."""
    code, thumbnail, preview = photo["failure_code"], photo["thumbnail_key"], photo["preview_key"]
    return {
        "failure_reason": failure_reason(FailureCode(code)) if code else None,
        "thumbnail_url": storage.picture_url(thumbnail) if thumbnail else None,
        "preview_url": storage.picture_url(preview) if preview else None,
    }
