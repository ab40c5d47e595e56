from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import ArchiveState, Photo, Purchase, PurchaseArchive
from acme_db.models.package import Deliverable
from acme_main.gallery.queries import shows, unlocks


@dataclass(frozen=True)
class ArchivedPhoto:
    key: str
    filename: str


async def photos_to_archive(session: AsyncSession, purchase_id: UUID) -> list[ArchivedPhoto]:
    """What this purchase unlocks and its buyer may see now; nothing once it was refunded."""
    purchase = await session.get_one(Purchase, purchase_id)
    statement = (
        select(Photo)
        .join(Purchase, Purchase.project_id == Photo.project_id)
        .where(Purchase.id == purchase_id, unlocks(purchase.user_id), shows(purchase.user_id))
        .order_by(Photo.taken_at, Photo.id)
    )
    photos = (await session.scalars(statement)).all()
    return [_archived(photo, purchase.deliverable) for photo in photos]


async def buyer_of(session: AsyncSession, purchase_id: UUID) -> UUID:
    return (await session.get_one(Purchase, purchase_id)).user_id


async def finish_archive(
    session: AsyncSession, purchase_id: UUID, key: str, photo_count: int, size_bytes: int
) -> bool:
    """False when it is not wanted any more."""
    statement = (
        update(PurchaseArchive)
        .where(PurchaseArchive.purchase_id == purchase_id)
        .values(
            state=ArchiveState.READY,
            storage_key=key,
            photo_count=photo_count,
            done_count=photo_count,
            size_bytes=size_bytes,
            finished_at=func.now(),
        )
        .returning(PurchaseArchive.purchase_id)
    )
    return await session.scalar(statement) is not None


async def set_archive_progress(session: AsyncSession, purchase_id: UUID, done: int, total: int) -> None:
    await session.execute(
        update(PurchaseArchive)
        .where(PurchaseArchive.purchase_id == purchase_id)
        .values(done_count=done, photo_count=total)
    )


async def set_archive_state(session: AsyncSession, purchase_id: UUID, state: ArchiveState) -> None:
    await session.execute(
        update(PurchaseArchive).where(PurchaseArchive.purchase_id == purchase_id).values(state=state)
    )


async def rebuild_failed(session: AsyncSession, purchase_id: UUID) -> bool:
    """Whether it had failed."""
    statement = (
        update(PurchaseArchive)
        .where(PurchaseArchive.purchase_id == purchase_id, PurchaseArchive.state == ArchiveState.FAILED)
        .values(state=ArchiveState.BUILDING, done_count=0)
        .returning(PurchaseArchive.purchase_id)
    )
    return await session.scalar(statement) is not None


def _archived(photo: Photo, deliverable: Deliverable) -> ArchivedPhoto:
    if deliverable is Deliverable.ORIGINAL:
        name = photo.filename if photo.cleared_key is None else _as_jpeg(photo.filename)
        return ArchivedPhoto(photo.clear_key, name)
    return ArchivedPhoto(photo.watermarked_key or "", _as_jpeg(photo.filename))


def _as_jpeg(filename: str) -> str:
    return f"{PurePosixPath(filename).stem}.jpg"
