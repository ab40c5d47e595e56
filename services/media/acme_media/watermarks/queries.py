from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import Operator, Photo, Project
from acme_db.models.photo import PhotoStatus, UploadState
from acme_media.watermarks.errors import PhotoNotFound


async def operator_name(session: AsyncSession, operator_id: UUID) -> str:
    return (await session.scalars(select(Operator.name).where(Operator.id == operator_id))).one()


async def find_photo_key(session: AsyncSession, operator_id: UUID, photo_id: UUID) -> str:
    """Raises `PhotoNotFound`, of others' photos too, and of those without a file that can be read."""
    key = await session.scalar(
        select(Photo.storage_key)
        .join(Project, Project.id == Photo.project_id)
        .where(
            Photo.id == photo_id,
            Photo.deleted_at.is_(None),
            Photo.upload_state == UploadState.VERIFIED,
            Photo.status != PhotoStatus.FAILED,
            Project.operator_id == operator_id,
            Project.deleted_at.is_(None),
        )
    )
    if key is None:
        raise PhotoNotFound
    return key
