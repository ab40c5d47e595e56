from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, String, Text, bindparam, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.guards import OPEN_SESSION, GuardedListing
from acme_auth.principals import Principal, Role
from acme_backoffice.admin.errors import OperatorNotFound
from acme_backoffice.admin.schemas import AuditCategory, AuditEventOut, OperatorOut, OperatorStatus
from acme_core.pages import PageRequest
from acme_db.listing import ESCAPE, Listed, Listing, columns_among, escaped
from acme_db.models import AuditAction, AuditEvent, Operator, Photographer, Project, Superadmin
from acme_db.prepared import Reader


@dataclass(frozen=True)
class OperatorRow:
    operator: Operator
    project_count: int
    photographer_count: int


@dataclass(frozen=True)
class AuditFilter:
    """What is None does not narrow."""

    actor_id: UUID | None = None
    subject_id: UUID | None = None
    action: AuditAction | None = None
    category: AuditCategory | None = None
    since: datetime | None = None
    until: datetime | None = None


def _operators(*columns: Any) -> Select[*tuple[Any, ...]]:
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
    counts = projects.label("project_count"), photographers.label("photographer_count")
    return select(*columns, *counts).where(Operator.deleted_at.is_(None))


_TEXT = bindparam("text", type_=Text())
_OPERATORS = GuardedListing(
    OPEN_SESSION,
    Listing(
        _operators(*columns_among(Operator, OperatorOut.model_fields)),
        Operator.created_at,
        Operator.id,
        text=or_(
            Operator.name.icontains(_TEXT, escape=ESCAPE), Operator.email.icontains(_TEXT, escape=ESCAPE)
        ),
        suspended=Operator.suspended_at.is_not(None),
        active=Operator.suspended_at.is_(None),
    ),
)


async def list_operators(
    reader: Reader, caller: Principal, status: OperatorStatus | None, text: str | None, page: PageRequest
) -> Listed:
    """Raises `SessionEnded`."""
    asked = {} if status is None else {status.value: True}
    return await _OPERATORS.page(reader, caller, page, text=escaped(text), **asked)


async def find_operator(session: AsyncSession, operator_id: UUID) -> OperatorRow:
    """Raises `OperatorNotFound`."""
    row = (await session.execute(_operators(Operator).where(Operator.id == operator_id))).one_or_none()
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


_AUDIT_EVENTS = GuardedListing(
    OPEN_SESSION,
    Listing(
        select(*columns_among(AuditEvent, AuditEventOut.model_fields), _name_of_actor().label("actor_name")),
        AuditEvent.occurred_at,
        AuditEvent.id,
        actor_id=AuditEvent.actor_id == bindparam("actor_id"),
        subject_id=AuditEvent.subject_id == bindparam("subject_id"),
        action=AuditEvent.action == bindparam("action"),
        actions=AuditEvent.action == func.any(bindparam("actions", type_=ARRAY(String()))),
        since=AuditEvent.occurred_at >= bindparam("since"),
        until=AuditEvent.occurred_at < bindparam("until"),
    ),
)


async def list_audit_events(
    reader: Reader, caller: Principal, wanted: AuditFilter, page: PageRequest
) -> Listed:
    """Raises `SessionEnded`."""
    asked = dict(vars(wanted))
    if wanted.category is not None:
        asked |= {"actions": [each for each in AuditAction if each.partition(".")[0] == wanted.category]}
    return await _AUDIT_EVENTS.page(reader, caller, page, **asked)
