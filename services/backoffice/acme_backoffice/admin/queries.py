from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Role
from acme_backoffice.admin.errors import OperatorNotFound
from acme_backoffice.admin.schemas import AuditCategory, OperatorStatus
from acme_core.pages import PageRequest
from acme_db.keyset import newest_first
from acme_db.models import AuditAction, AuditEvent, Operator, Photographer, Project, Superadmin


@dataclass(frozen=True)
class OperatorRow:
    operator: Operator
    project_count: int
    photographer_count: int


@dataclass(frozen=True)
class AuditEntry:
    event: AuditEvent
    actor_name: str | None


@dataclass(frozen=True)
class AuditFilter:
    """What is None does not narrow."""

    actor_id: UUID | None = None
    subject_id: UUID | None = None
    action: AuditAction | None = None
    category: AuditCategory | None = None
    since: datetime | None = None
    until: datetime | None = None


def _operators() -> Select[Operator, int, int]:
    projects = (
        select(func.count())
        .where(Project.operator_id == Operator.id, Project.deleted_at.is_(None))
        .correlate(Operator)
        .scalar_subquery()
    )
    photographers = (
        select(func.count())
        .where(Photographer.operator_id == Operator.id, Photographer.deleted_at.is_(None))
        .correlate(Operator)
        .scalar_subquery()
    )
    return select(Operator, projects, photographers).where(Operator.deleted_at.is_(None))


async def list_operators(
    session: AsyncSession, status: OperatorStatus | None, text: str | None, page: PageRequest
) -> Sequence[OperatorRow]:
    statement = _operators()
    if status is not None:
        is_suspended = Operator.suspended_at.is_not(None)
        statement = statement.where(is_suspended if status is OperatorStatus.SUSPENDED else ~is_suspended)
    if text:
        statement = statement.where(
            or_(
                Operator.name.icontains(text, autoescape=True),
                Operator.email.icontains(text, autoescape=True),
            )
        )
    statement = newest_first(statement, Operator.created_at, Operator.id, page)
    return [OperatorRow(*row) for row in (await session.execute(statement)).all()]


async def find_operator(session: AsyncSession, operator_id: UUID) -> OperatorRow:
    """Raises `OperatorNotFound`."""
    row = (await session.execute(_operators().where(Operator.id == operator_id))).one_or_none()
    if row is None:
        raise OperatorNotFound
    return OperatorRow(*row)


async def lock_operator(session: AsyncSession, operator_id: UUID) -> Operator:
    """Raises `OperatorNotFound`."""
    operator = await session.get(Operator, operator_id, with_for_update=True)
    if operator is None or operator.deleted_at is not None:
        raise OperatorNotFound
    return operator


async def photographers_of(session: AsyncSession, operator_id: UUID) -> Sequence[UUID]:
    statement = select(Photographer.id).where(Photographer.operator_id == operator_id)
    return (await session.scalars(statement)).all()


def _name_of_actor() -> ColumnElement[str | None]:
    """Looked up when the log is read, for it holds no names itself; a guest's is nobody's business here."""
    accounts: dict[Role, type[Operator | Photographer | Superadmin]] = {
        Role.OPERATOR: Operator,
        Role.PHOTOGRAPHER: Photographer,
        Role.SUPERADMIN: Superadmin,
    }
    names = {
        role.value: select(table.name)
        .where(table.id == AuditEvent.actor_id)
        .correlate(AuditEvent)
        .scalar_subquery()
        for role, table in accounts.items()
    }
    return case(names, value=AuditEvent.actor_role)


async def list_audit_events(
    session: AsyncSession, wanted: AuditFilter, page: PageRequest
) -> Sequence[AuditEntry]:
    statement = select(AuditEvent, _name_of_actor())
    if wanted.actor_id is not None:
        statement = statement.where(AuditEvent.actor_id == wanted.actor_id)
    if wanted.subject_id is not None:
        statement = statement.where(AuditEvent.subject_id == wanted.subject_id)
    if wanted.action is not None:
        statement = statement.where(AuditEvent.action == wanted.action)
    if wanted.category is not None:
        actions = [action for action in AuditAction if action.partition(".")[0] == wanted.category]
        statement = statement.where(AuditEvent.action.in_(actions))
    if wanted.since is not None:
        statement = statement.where(AuditEvent.occurred_at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(AuditEvent.occurred_at < wanted.until)
    statement = newest_first(statement, AuditEvent.occurred_at, AuditEvent.id, page)
    return [AuditEntry(*row) for row in (await session.execute(statement)).all()]
