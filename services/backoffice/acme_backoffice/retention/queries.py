from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_core.retention import RetentionPolicy, RetentionRule
from acme_db.models import Photo, PhotoFace, Project
from acme_db.retention import due

MOST_EVENTS = 100


async def events_due(
    session: AsyncSession, policy: RetentionPolicy, at: datetime, operator_id: UUID
) -> Sequence[tuple[UUID, str, int]]:
    """Id, name and faces, the oldest first."""
    in_photos = select(func.count(PhotoFace.id)).join(Photo, Photo.id == PhotoFace.photo_id)
    faces = in_photos.where(Photo.project_id == Project.id).correlate(Project)
    statement = (
        select(Project.id, Project.name, faces.scalar_subquery())
        .where(
            Project.id.in_(due(RetentionRule.EVENT_FACES, policy, at)),
            Project.operator_id == operator_id,
        )
        .order_by(func.coalesce(Project.end_at, Project.created_at), Project.id)
        .limit(MOST_EVENTS)
    )
    return [(row[0], row[1], row[2]) for row in (await session.execute(statement)).all()]
