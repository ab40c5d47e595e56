from pathlib import PurePosixPath
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_core.pages import PageRequest
from acme_core.screens import SCREENS, Look, fitting
from acme_db.models import AuditAction, Photo
from acme_db.models.package import Deliverable
from acme_db.page_json import Told, page_json
from acme_db.prepared import Reader, Record
from acme_main.gallery import queries
from acme_main.gallery.errors import PhotoNotFound, PurchaseRequired
from acme_main.gallery.queries import GuestPhoto
from acme_main.gallery.schemas import (
    DownloadOut,
    MatchingProgress,
    PhotoDetailOut,
    PhotoOut,
    ProjectDetailOut,
    ProjectOut,
    ScreenOut,
)
from acme_storage import keys
from acme_storage.gateway import ObjectStorage


async def list_projects(
    reader: Reader, storage: ObjectStorage, caller: Principal, page: PageRequest
) -> bytes:
    """Raises `SessionEnded`."""
    found = await queries.list_joined(reader, caller, page)
    counts = await queries.photo_counts(reader, [row["project_id"] for row in found.rows])
    return page_json(ProjectOut, found, lambda row: _told(row, counts[row["project_id"]], storage))


async def get_project(
    session: AsyncSession, storage: ObjectStorage, user_id: UUID, project_id: UUID
) -> ProjectDetailOut:
    row = await queries.find_joined(session, user_id, project_id)
    counts = await queries.photo_counts(session, [project_id])
    is_held_back = row["matches_need_verified_email"] and await queries.is_unverified(session, user_id)
    return ProjectDetailOut.model_validate(
        {
            **row,
            **_told(row, counts[project_id], storage),
            "operator_picture_url": storage.picture_url_of(row["operator_picture_key"]),
            "needs_verified_email": is_held_back,
        }
    )


async def get_photo(
    session: AsyncSession, storage: ObjectStorage, user_id: UUID, photo_id: UUID
) -> PhotoDetailOut:
    found = await queries.find_photo(session, user_id, photo_id)
    face = await queries.find_own_face(session, user_id, photo_id)
    photo = found.photo
    shown = photo.watermarked_key if found.is_unlocked else photo.preview_key
    return PhotoDetailOut(
        **_photo_out(found, storage).model_dump(),
        project_id=photo.project_id,
        preview_url=storage.picture_url(shown or ""),
        face_box=face.box if face else None,
        screens=_screens(found, storage),
    )


async def add_favourite(session: AsyncSession, user_id: UUID, photo_id: UUID) -> None:
    """Idempotent. Raises `PhotoNotFound`."""
    await queries.find_photo(session, user_id, photo_id)
    await queries.add_favourite(session, user_id, photo_id)


async def remove_favourite(session: AsyncSession, user_id: UUID, photo_id: UUID) -> None:
    """Idempotent. Raises `PhotoNotFound`."""
    await queries.find_photo(session, user_id, photo_id)
    await queries.remove_favourite(session, user_id, photo_id)


async def reject_own_tag(session: AsyncSession, caller: Principal, photo_id: UUID) -> None:
    """Raises `PhotoNotFound`."""
    if not await queries.reject_own_tag(session, caller.account_id, photo_id):
        raise PhotoNotFound
    record(session, AuditAction.TAG_REJECTED_BY_GUEST, caller, photo_id)


async def download_photo(
    session: AsyncSession, storage: ObjectStorage, user_id: UUID, photo_id: UUID
) -> DownloadOut:
    """Raises `PhotoNotFound` or `PurchaseRequired`."""
    found = await queries.find_photo(session, user_id, photo_id)
    if not found.is_unlocked:
        raise PurchaseRequired
    deliverable = await queries.best_deliverable(session, user_id, photo_id)
    key, filename = _deliverable(found.photo, deliverable)
    signed = storage.presign_download(key, filename=filename)
    return DownloadOut(url=signed.url, filename=filename, expires_at=signed.expires_at)


def _told(row: Record, photo_count: int, storage: ObjectStorage) -> Told:
    return {
        "id": row["project_id"],
        "timezone": row["timezone"] or row["operator_timezone"],
        "photo_count": photo_count,
        "cover_url": storage.picture_url_of(row["cover_key"]),
        "matching": {name: row[f"backfill_{name}"] for name in MatchingProgress.model_fields},
    }


def _photo_out(found: GuestPhoto, storage: ObjectStorage) -> PhotoOut:
    photo = found.photo
    return PhotoOut(
        id=photo.id,
        thumbnail_url=storage.picture_url(photo.thumbnail_key or ""),
        width=photo.width or 0,
        height=photo.height or 0,
        thumbhash=photo.thumbhash,
        focus=photo.focus,
        taken_at=photo.taken_at,
        unlocked=found.is_unlocked,
        is_favourite=found.is_favourite,
    )


def _screens(found: GuestPhoto, storage: ObjectStorage) -> list[ScreenOut]:
    """None of a photo that was made before there were any."""
    photo, look = found.photo, Look.BRANDED if found.is_unlocked else Look.PROTECTED
    if photo.files_version is None:
        return []
    prefix = (photo.project_id, photo.id, photo.files_version)
    made = []
    for screen in (each for each in SCREENS if each.look is look):
        width, height = fitting(photo.width or 1, photo.height or 1, screen.side)
        url = storage.picture_url(keys.screen(*prefix, screen.name))
        made.append(ScreenOut(url=url, content_type=screen.format.content_type, width=width, height=height))
    return made


def _deliverable(photo: Photo, deliverable: Deliverable) -> tuple[str, str]:
    """The object's key, and the name that the guest's file gets."""
    if deliverable is Deliverable.ORIGINAL:
        return photo.clear_key, photo.filename if photo.cleared_key is None else _as_jpeg(photo.filename)
    return photo.watermarked_key or "", _as_jpeg(photo.filename)


def _as_jpeg(filename: str) -> str:
    return f"{PurePosixPath(filename).stem}.jpg"
