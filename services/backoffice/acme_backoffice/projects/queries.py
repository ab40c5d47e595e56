from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.projects.errors import ProjectNotFound
from acme_core.pages import PageRequest
from acme_db.figures import Stage, among, counted
from acme_db.keyset import newest_first
from acme_db.models import FigureKind, Project, ProjectMember, User
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


async def list_projects(
    session: AsyncSession, operator_id: UUID, wanted: ProjectFilter, page: PageRequest
) -> Sequence[CountedProject]:
    is_deleted = Project.deleted_at.is_not(None)
    statement = select(Project).where(
        Project.operator_id == operator_id, is_deleted if wanted.are_deleted else ~is_deleted
    )
    if wanted.text:
        statement = statement.where(
            or_(
                Project.name.icontains(wanted.text, autoescape=True),
                Project.location_name.icontains(wanted.text, autoescape=True),
            )
        )
    statement = newest_first(statement, Project.created_at, Project.id, page)
    projects = (await session.scalars(statement)).all()
    ids = [project.id for project in projects]
    members = await _count(session, FigureKind.MEMBERS, ids, lambda label: Stage.GONE not in label)
    photos = await _count(session, FigureKind.PHOTOS, ids, PhotoStatus.READY.__eq__)
    pending = await _count(session, FigureKind.TAGS, ids, ReviewStatus.PENDING.__eq__)
    return [
        CountedProject(project, members[project.id], photos[project.id], pending[project.id])
        for project in projects
    ]


async def _count(
    session: AsyncSession, kind: FigureKind, projects: Sequence[UUID], is_wanted: Callable[[str], bool]
) -> Counter[UUID]:
    """By project, of the figures with such a label."""
    figures = counted(kind, among(projects))
    statement = select(figures.c.project_id, figures.c.label, func.sum(figures.c.value))
    rows = await session.execute(statement.group_by(figures.c.project_id, figures.c.label))
    counts: Counter[UUID] = Counter()
    for project_id, label, value in rows.all():
        counts[project_id] += value if is_wanted(label) else 0
    return counts


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
