from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import Selfie
from acme_db.models.photo import UploadState
from acme_db.models.selfie import SelfieStatus
from acme_media.selfies.errors import SelfieNotFound


async def find_selfie(session: AsyncSession, user_id: UUID, selfie_id: UUID, *, lock: bool = False) -> Selfie:
    """Raises `SelfieNotFound`."""
    statement = select(Selfie).where(
        Selfie.id == selfie_id, Selfie.user_id == user_id, Selfie.deleted_at.is_(None)
    )
    selfie = await session.scalar(statement.with_for_update() if lock else statement)
    if selfie is None:
        raise SelfieNotFound
    return selfie


async def current_selfie(session: AsyncSession, user_id: UUID) -> Selfie:
    """The newest that arrived, else the newest announced. Raises `SelfieNotFound`."""
    statement = (
        select(Selfie)
        .where(Selfie.user_id == user_id, Selfie.deleted_at.is_(None))
        .order_by((Selfie.upload_state == UploadState.VERIFIED).desc(), Selfie.created_at.desc())
        .limit(1)
    )
    selfie = await session.scalar(statement)
    if selfie is None:
        raise SelfieNotFound
    return selfie


async def delete_rejected_before(session: AsyncSession, selfie: Selfie) -> None:
    await session.execute(
        update(Selfie)
        .where(
            Selfie.user_id == selfie.user_id,
            Selfie.status == SelfieStatus.REJECTED,
            Selfie.created_at < selfie.created_at,
            Selfie.deleted_at.is_(None),
        )
        .values(deleted_at=selfie.deleted_at)
    )


async def list_overdue(session: AsyncSession, limit: int) -> Sequence[Selfie]:
    """Announced a minute ago or more, and never completed."""
    statement = (
        select(Selfie)
        .where(
            Selfie.upload_state == UploadState.ISSUED,
            Selfie.deleted_at.is_(None),
            Selfie.created_at < func.now() - text("interval '60 seconds'"),
        )
        .order_by(Selfie.upload_expires_at)
        .limit(limit)
    )
    return (await session.scalars(statement)).all()


async def expire_upload(session: AsyncSession, selfie_id: UUID) -> None:
    """Of a selfie that never came nothing is kept."""
    await session.execute(
        delete(Selfie).where(Selfie.id == selfie_id, Selfie.upload_state == UploadState.ISSUED)
    )
