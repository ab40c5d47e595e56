from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import Project, SelfieConflict
from acme_media.jobs.photo_queries import lock_consents


async def add_conflict(
    session: AsyncSession, project_id: UUID, pair: tuple[UUID, UUID], confidence: float
) -> UUID | None:
    """None when it is known, or one of the two may not be compared any more."""
    if len(await lock_consents(session, pair)) < len(pair):
        return None
    statement = (
        insert(SelfieConflict)
        .values(project_id=project_id, user_id=pair[0], other_user_id=pair[1], confidence=confidence)
        .on_conflict_do_nothing(index_elements=["project_id", "user_id", "other_user_id"])
        .returning(SelfieConflict.id)
    )
    conflict_id: UUID | None = await session.scalar(statement)
    return conflict_id


async def operator_of(session: AsyncSession, project_id: UUID) -> UUID:
    return (await session.scalars(select(Project.operator_id).where(Project.id == project_id))).one()
