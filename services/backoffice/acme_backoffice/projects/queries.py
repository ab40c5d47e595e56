from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Subquery,
    Text,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.guards import ACCOUNT_ID, OPEN_SESSION, Guard, GuardedListing
from acme_auth.principals import Principal
from acme_backoffice.projects.errors import ProjectNotFound
from acme_backoffice.projects.schemas import ListedProjectOut
from acme_core.pages import PageRequest
from acme_db.figures import Rows, Stage
from acme_db.listing import ESCAPE, Listed, Listing, columns_among, escaped
from acme_db.models import FigureKind, Project, ProjectMember, User
from acme_db.models.photo import PhotoStatus
from acme_db.models.photo_tag import ReviewStatus
from acme_db.prepared import Reader
from acme_db.totals import Tally


@dataclass(frozen=True)
class ProjectFilter:
    are_deleted: bool = False
    text: str | None = None
    """In the name or the place."""


IS_OWNED = Guard(
    exists().where(
        Project.id == bindparam("project_id"), Project.operator_id == ACCOUNT_ID, Project.deleted_at.is_(None)
    ),
    ProjectNotFound,
)
_TEXT = bindparam("text", type_=Text())
_OWN = select(*columns_among(Project, ListedProjectOut.model_fields)).where(Project.operator_id == ACCOUNT_ID)
_BY_TEXT = or_(
    Project.name.icontains(_TEXT, escape=ESCAPE), Project.location_name.icontains(_TEXT, escape=ESCAPE)
)
_PROJECTS = {
    are_deleted: GuardedListing(
        OPEN_SESSION, Listing(_OWN.where(is_theirs), Project.created_at, Project.id, text=_BY_TEXT)
    )
    for are_deleted, is_theirs in (
        (False, Project.deleted_at.is_(None)),
        (True, Project.deleted_at.is_not(None)),
    )
}
_MEMBERS = GuardedListing(
    IS_OWNED,
    Listing(
        select(
            ProjectMember.id,
            ProjectMember.user_id,
            User.name,
            User.email,
            ProjectMember.joined_at,
            ProjectMember.terms_accepted_at,
        )
        .join(User, User.id == ProjectMember.user_id)
        .where(ProjectMember.project_id == bindparam("project_id"), User.deleted_at.is_(None)),
        ProjectMember.joined_at,
        ProjectMember.id,
    ),
)


_COUNTED: Mapping[FigureKind, Callable[[ColumnElement[str]], ColumnElement[bool]]] = {
    FigureKind.MEMBERS: lambda label: ~label.contains(Stage.GONE),
    FigureKind.PHOTOS: lambda label: label == PhotoStatus.READY,
    FigureKind.TAGS: lambda label: label == ReviewStatus.PENDING,
}


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
    reader: Reader, caller: Principal, wanted: ProjectFilter, page: PageRequest
) -> Listed:
    """Raises `SessionEnded`."""
    return await _PROJECTS[wanted.are_deleted].page(reader, caller, page, text=escaped(wanted.text))


async def count_in_projects(
    reader: Reader, project_ids: Sequence[UUID]
) -> Mapping[tuple[UUID, FigureKind], int]:
    """Members who are still there, photos that are ready, tags to review; 0 of what there is none."""
    found = await _tally().of(reader, project_ids)
    return Counter({(row["project_id"], kind): row[kind] or 0 for row in found for kind in _COUNTED})


@cache
def _tally() -> Tally:
    return Tally(_counts, *_COUNTED)


def _counts(totals: Subquery) -> Rows:
    counts = (
        func.sum(totals.c.value).filter(totals.c.kind == kind, is_counted(totals.c.label)).label(kind)
        for kind, is_counted in _COUNTED.items()
    )
    statement: Rows = select(totals.c.project_id, *counts)
    return statement.group_by(totals.c.project_id)


async def list_members(reader: Reader, caller: Principal, project_id: UUID, page: PageRequest) -> Listed:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    return await _MEMBERS.page(reader, caller, page, project_id=project_id)
