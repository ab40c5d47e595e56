from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.projects.errors import ProjectNotFound
from acme_core.pages import PageRequest
from acme_db.keyset import newest_first
from acme_db.models import Photo, PhotoTag, Project, ProjectMember, User
from acme_db.models.photo import PhotoStatus
from acme_db.models.photo_tag import ReviewStatus


@dataclass(frozen=True)
class ProjectFilter:
    are_deleted: bool = False
    text: str | None = None
    """In the name or the place."""


@dataclass(frozen=True)
class CountedProject:
    project: Project
    member_count: int
    photo_count: int
    pending_tag_count: int


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


def _counted(operator_id: UUID) -> Select[Project, int, int, int]:
    members = (
        select(func.count())
        .select_from(ProjectMember)
        .join(User, User.id == ProjectMember.user_id)
        .where(ProjectMember.project_id == Project.id, User.deleted_at.is_(None))
    )
    photos = select(func.count()).where(
        Photo.project_id == Project.id, Photo.status == PhotoStatus.READY, Photo.deleted_at.is_(None)
    )
    pending = (
        select(func.count())
        .select_from(PhotoTag)
        .join(Photo, Photo.id == PhotoTag.photo_id)
        .where(
            Photo.project_id == Project.id,
            Photo.deleted_at.is_(None),
            PhotoTag.review_status == ReviewStatus.PENDING,
        )
    )
    return select(
        Project,
        members.correlate(Project).scalar_subquery(),
        photos.correlate(Project).scalar_subquery(),
        pending.correlate(Project).scalar_subquery(),
    ).where(Project.operator_id == operator_id)


async def list_projects(
    session: AsyncSession, operator_id: UUID, wanted: ProjectFilter, page: PageRequest
) -> Sequence[CountedProject]:
    is_deleted = Project.deleted_at.is_not(None)
    statement = _counted(operator_id).where(is_deleted if wanted.are_deleted else ~is_deleted)
    if wanted.text:
        statement = statement.where(
            or_(
                Project.name.icontains(wanted.text, autoescape=True),
                Project.location_name.icontains(wanted.text, autoescape=True),
            )
        )
    statement = newest_first(statement, Project.created_at, Project.id, page)
    return [CountedProject(*row) for row in (await session.execute(statement)).all()]


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
