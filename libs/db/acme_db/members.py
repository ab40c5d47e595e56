"""Who is in which events."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from acme_db.models import Project, ProjectMember


async def joined_projects(session: AsyncSession | AsyncConnection, user_id: UUID) -> Sequence[UUID]:
    """Those that are not deleted."""
    statement = (
        select(ProjectMember.project_id)
        .join(Project, Project.id == ProjectMember.project_id)
        .where(ProjectMember.user_id == user_id, Project.deleted_at.is_(None))
    )
    return (await session.scalars(statement)).all()
