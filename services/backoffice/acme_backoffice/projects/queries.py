from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.projects.errors import ProjectNotFound
from acme_core.pages import PageRequest
from acme_db.keyset import newest_first
from acme_db.models import Project, ProjectMember, User


async def find_owned_project(session: AsyncSession, operator_id: UUID, project_id: UUID) -> Project:
    """Raises `ProjectNotFound` for another operator's project too: its existence is nobody's business."""
    project = await session.scalar(
        select(Project).where(
            Project.id == project_id, Project.operator_id == operator_id, Project.deleted_at.is_(None)
        )
    )
    if project is None:
        raise ProjectNotFound
    return project


async def restore_project(session: AsyncSession, operator_id: UUID, project_id: UUID) -> Project:
    """Idempotent. Raises `ProjectNotFound`."""
    project: Project | None = await session.scalar(
        update(Project)
        .where(Project.id == project_id, Project.operator_id == operator_id)
        .values(deleted_at=None)
        .returning(Project)
    )
    if project is None:
        raise ProjectNotFound
    return project


async def list_projects(
    session: AsyncSession, operator_id: UUID, page: PageRequest, *, are_deleted: bool
) -> Sequence[Project]:
    is_wanted = Project.deleted_at.is_not(None) if are_deleted else Project.deleted_at.is_(None)
    statement = select(Project).where(Project.operator_id == operator_id, is_wanted)
    statement = newest_first(statement, Project.created_at, Project.id, page)
    return (await session.scalars(statement)).all()


async def list_members(
    session: AsyncSession, project_id: UUID, page: PageRequest
) -> Sequence[tuple[ProjectMember, User]]:
    statement = (
        select(ProjectMember, User)
        .join(User, User.id == ProjectMember.user_id)
        .where(ProjectMember.project_id == project_id, User.deleted_at.is_(None))
    )
    statement = newest_first(statement, ProjectMember.joined_at, ProjectMember.id, page)
    rows = await session.execute(statement)
    return [(member, user) for member, user in rows.all()]
