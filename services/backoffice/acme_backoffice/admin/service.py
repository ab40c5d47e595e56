"""What the platform's own people do; each act is written down, looking included."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Principal, Role
from acme_auth.sessions import revoke_all
from acme_backoffice.admin import queries
from acme_backoffice.admin.queries import AuditEntry, AuditFilter, OperatorRow
from acme_backoffice.admin.schemas import AuditEventOut, OperatorOut, OperatorStatus, OperatorUpdate
from acme_core.clock import utc_now
from acme_core.pages import Cursor, Page, PageRequest, cut_page
from acme_db.models import AuditAction


async def list_operators(
    session: AsyncSession,
    caller: Principal,
    page: PageRequest,
    status: OperatorStatus | None,
    text: str | None,
) -> Page[OperatorOut]:
    rows = await queries.list_operators(session, status, text, page)
    record(session, AuditAction.OPERATORS_LISTED, caller, status=status)
    items, cursor = cut_page(rows, page.limit, lambda row: Cursor(row.operator.created_at, row.operator.id))
    return Page(items=[operator_out(item) for item in items], next_cursor=cursor)


async def update_operator(
    session: AsyncSession, caller: Principal, operator_id: UUID, body: OperatorUpdate
) -> OperatorOut:
    """Idempotent. A suspension ends the sessions of the operator and of its photographers at once."""
    operator = await queries.lock_operator(session, operator_id)
    if body.status is OperatorStatus.SUSPENDED and operator.suspended_at is None:
        operator.suspended_at = utc_now()
        await revoke_all(session, Role.OPERATOR, operator_id)
        for photographer_id in await queries.photographers_of(session, operator_id):
            await revoke_all(session, Role.PHOTOGRAPHER, photographer_id)
        record(session, AuditAction.OPERATOR_SUSPENDED, caller, operator_id, reason=body.reason)
    if body.status is OperatorStatus.ACTIVE and operator.suspended_at is not None:
        operator.suspended_at = None
        record(session, AuditAction.OPERATOR_REINSTATED, caller, operator_id, reason=body.reason)
    return operator_out(await queries.find_operator(session, operator_id))


async def list_audit_events(
    session: AsyncSession, caller: Principal, page: PageRequest, wanted: AuditFilter
) -> Page[AuditEventOut]:
    rows = await queries.list_audit_events(session, wanted, page)
    record(session, AuditAction.AUDIT_READ, caller, wanted.subject_id)
    items, cursor = cut_page(rows, page.limit, lambda row: Cursor(row.event.occurred_at, row.event.id))
    return Page(items=[_audit_event_out(item) for item in items], next_cursor=cursor)


def _audit_event_out(entry: AuditEntry) -> AuditEventOut:
    return AuditEventOut.of_row(entry.event, actor_name=entry.actor_name)


def operator_out(row: OperatorRow) -> OperatorOut:
    operator = row.operator
    is_suspended = operator.suspended_at is not None
    return OperatorOut(
        id=operator.id,
        name=operator.name,
        email=operator.email,
        status=OperatorStatus.SUSPENDED if is_suspended else OperatorStatus.ACTIVE,
        suspended_at=operator.suspended_at,
        project_count=row.project_count,
        photographer_count=row.photographer_count,
        created_at=operator.created_at,
    )
