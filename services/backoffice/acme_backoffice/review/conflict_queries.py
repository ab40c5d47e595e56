from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from acme_backoffice.review.errors import SelfieConflictNotFound
from acme_core.pages import PageRequest
from acme_db.keyset import newest_first
from acme_db.models import Project, SelfieConflict, User
from acme_db.selfies import newest_selfie_key

First, Second = aliased(User), aliased(User)


@dataclass(frozen=True)
class ConflictRow:
    conflict: SelfieConflict
    first: User
    second: User
    first_selfie_key: str | None
    second_selfie_key: str | None


def _conflicts(operator_id: UUID) -> Select[SelfieConflict, User, User, str, str]:
    return (
        select(
            SelfieConflict,
            First,
            Second,
            newest_selfie_key(SelfieConflict.user_id),
            newest_selfie_key(SelfieConflict.other_user_id),
        )
        .join(Project, Project.id == SelfieConflict.project_id)
        .join(First, First.id == SelfieConflict.user_id)
        .join(Second, Second.id == SelfieConflict.other_user_id)
        .where(Project.operator_id == operator_id, Project.deleted_at.is_(None))
    )


async def list_conflicts(
    session: AsyncSession, operator_id: UUID, project_id: UUID, page: PageRequest, *, resolved: bool | None
) -> Sequence[ConflictRow]:
    statement = _conflicts(operator_id).where(SelfieConflict.project_id == project_id)
    if resolved is not None:
        is_resolved = SelfieConflict.resolved_at.is_not(None)
        statement = statement.where(is_resolved if resolved else ~is_resolved)
    statement = newest_first(statement, SelfieConflict.found_at, SelfieConflict.id, page)
    return [ConflictRow(*row) for row in (await session.execute(statement)).all()]


async def get_conflict(session: AsyncSession, operator_id: UUID, conflict_id: UUID) -> ConflictRow:
    """Raises `SelfieConflictNotFound`."""
    statement = _conflicts(operator_id).where(SelfieConflict.id == conflict_id)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise SelfieConflictNotFound
    return ConflictRow(*row)


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
