from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Principal
from acme_backoffice.photos import queries
from acme_backoffice.photos.schemas import PhotoOut
from acme_core.clock import utc_now
from acme_core.pages import Cursor, Page, PageRequest, cut_page
from acme_core.photos import FailureCode, failure_reason
from acme_db.models import Photo
from acme_db.models.photo import PhotoStatus
from acme_jobs.catalogue import PURGE_PHOTO, PhotoJob
from acme_jobs.outbox import enqueue
from acme_storage.gateway import ObjectStorage


async def list_photos(
    session: AsyncSession,
    storage: ObjectStorage,
    caller: Principal,
    project_id: UUID,
    page: PageRequest,
    status: PhotoStatus | None,
) -> Page[PhotoOut]:
    await queries.require_visible_project(session, caller, project_id)
    rows = await queries.list_photos(session, project_id, page, status)
    items, cursor = cut_page(rows, page.limit, lambda row: Cursor(row.uploaded_at, row.id))
    return Page(items=[photo_out(item, storage) for item in items], next_cursor=cursor)


async def delete_photo(session: AsyncSession, caller: Principal, photo_id: UUID) -> None:
    """Gone for everybody at once; its objects follow by a job."""
    photo = await queries.lock_photo_of(session, caller, photo_id)
    photo.deleted_at = utc_now()
    await enqueue(session, PURGE_PHOTO, PhotoJob(photo_id=photo.id), dedupe_key=str(photo.id))


def photo_out(photo: Photo, storage: ObjectStorage) -> PhotoOut:
    url = storage.picture_url(photo.thumbnail_key) if photo.thumbnail_key else None
    names, code = PhotoOut.model_fields.keys() - {"thumbnail_url", "failure_reason"}, photo.failure_code
    return PhotoOut(
        thumbnail_url=url,
        failure_reason=failure_reason(FailureCode(code)) if code else None,
        **{name: getattr(photo, name) for name in names},
    )
