"""Tells who follows a project's uploads that a photo has changed."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import Photo, Project
from acme_events import channels
from acme_events.catalogue import PhotoChanged
from acme_events.publisher import announce


async def announce_photo(session: AsyncSession, photo_id: UUID) -> None:
    """As it is in this transaction, once that is committed."""
    statement = (
        select(
            Photo.project_id,
            Photo.photographer_id,
            Photo.status,
            Photo.recognition_state,
            Photo.failure_code,
            Project.operator_id,
        )
        .join(Project, Project.id == Photo.project_id)
        .where(Photo.id == photo_id)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        return
    event = PhotoChanged(
        project_id=row.project_id,
        photo_id=photo_id,
        status=row.status,
        recognition_state=row.recognition_state,
        failure_code=row.failure_code,
    )
    announce(
        session, event, channels.of_operator(row.operator_id), channels.of_photographer(row.photographer_id)
    )
