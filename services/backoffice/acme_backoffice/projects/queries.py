from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.projects.errors import ProjectNotFound
from acme_core.pages import PageRequest
from acme_db.figures import AMONG, Stage, counted
from acme_db.keyset import newest_first
from acme_db.models import FigureKind, Project, ProjectMember, User
from acme_db.models.photo import PhotoStatus
from acme_db.models.photo_tag import ReviewStatus
from acme_db.prepared import Prepared


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
    found = await _counts().fetch_by(session, projects=ids)
    counts = Counter({(row["project_id"], row["kind"]): int(row["count"]) for row in found})
    return [
        CountedProject(
            project,
            member_count=counts[project.id, FigureKind.MEMBERS],
            photo_count=counts[project.id, FigureKind.PHOTOS],
            pending_tag_count=counts[project.id, FigureKind.TAGS],
        )
        for project in projects
    ]


@cache
def _counts() -> Prepared:
    """By project and kind: members who are still there, photos that are ready, tags to review."""
    return Prepared(
        union_all(
            _count(FigureKind.MEMBERS, lambda label: ~label.contains(Stage.GONE)),
            _count(FigureKind.PHOTOS, lambda label: label == PhotoStatus.READY),
            _count(FigureKind.TAGS, lambda label: label == ReviewStatus.PENDING),
        )
    )


def _count(
    kind: FigureKind, is_wanted: Callable[[ColumnElement[str]], ColumnElement[bool]]
) -> Select[UUID, str, int]:
    figures = counted(kind, AMONG)
    columns = (
        figures.c.project_id,
        literal(kind.value).label("kind"),
        func.sum(figures.c.value).label("count"),
    )
    return select(*columns).where(is_wanted(figures.c.label)).group_by(figures.c.project_id)


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
