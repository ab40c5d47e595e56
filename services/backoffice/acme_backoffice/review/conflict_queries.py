from functools import cache
from uuid import UUID

from sqlalchemy import Boolean, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from acme_auth.guards import GuardedListing
from acme_auth.principals import Principal
from acme_backoffice.projects.queries import IS_OWNED
from acme_backoffice.review.errors import SelfieConflictNotFound
from acme_backoffice.review.schemas import SelfieConflictOut
from acme_core.pages import PageRequest
from acme_db.listing import Listed, Listing, columns_among
from acme_db.models import Project, SelfieConflict, User
from acme_db.prepared import Prepared, Reader, Record
from acme_db.selfies import newest_selfie_key

First, Second = aliased(User), aliased(User)
_CONFLICTS = (
    select(
        *columns_among(SelfieConflict, SelfieConflictOut.model_fields),
        First.id.label("first_id"),
        First.name.label("first_name"),
        First.email.label("first_email"),
        newest_selfie_key(SelfieConflict.user_id).label("first_key"),
        Second.id.label("second_id"),
        Second.name.label("second_name"),
        Second.email.label("second_email"),
        newest_selfie_key(SelfieConflict.other_user_id).label("second_key"),
    )
    .join(First, First.id == SelfieConflict.user_id)
    .join(Second, Second.id == SelfieConflict.other_user_id)
)
_CONFLICTS_OF_PROJECT = GuardedListing(
    IS_OWNED,
    Listing(
        _CONFLICTS.where(SelfieConflict.project_id == bindparam("project_id")),
        SelfieConflict.found_at,
        SelfieConflict.id,
        resolved=SelfieConflict.resolved_at.is_not(None) == bindparam("resolved", type_=Boolean()),
    ),
)


async def list_conflicts(
    reader: Reader, caller: Principal, project_id: UUID, page: PageRequest, *, resolved: bool | None
) -> Listed:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    return await _CONFLICTS_OF_PROJECT.page(reader, caller, page, project_id=project_id, resolved=resolved)


async def get_conflict(session: AsyncSession, operator_id: UUID, conflict_id: UUID) -> Record:
    """Raises `SelfieConflictNotFound`."""
    rows = await _conflict().fetch_by(session, operator_id=operator_id, conflict_id=conflict_id)
    if not rows:
        raise SelfieConflictNotFound
    return rows[0]


@cache
def _conflict() -> Prepared:
    return Prepared(
        _CONFLICTS.join(Project, Project.id == SelfieConflict.project_id).where(
            SelfieConflict.id == bindparam("conflict_id"),
            Project.operator_id == bindparam("operator_id"),
            Project.deleted_at.is_(None),
        )
    )


async def resolve(session: AsyncSession, operator_id: UUID, conflict_id: UUID) -> bool:
    """False when it was resolved before."""
    owned = select(Project.id).where(Project.operator_id == operator_id, Project.deleted_at.is_(None))
    statement = (
        update(SelfieConflict)
        .where(
            SelfieConflict.id == conflict_id,
            SelfieConflict.project_id.in_(owned),
            SelfieConflict.resolved_at.is_(None),
        )
        .values(resolved_at=func.now(), resolved_by=operator_id)
        .returning(SelfieConflict.id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None
