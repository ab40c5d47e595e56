"""What the platform's own people do; each act is written down, looking included."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record, record_at_once
from acme_auth.principals import Principal, Role
from acme_auth.sessions import revoke_all
from acme_backoffice.admin import queries
from acme_backoffice.admin.queries import AuditFilter, OperatorRow
from acme_backoffice.admin.schemas import AuditEventOut, OperatorOut, OperatorStatus, OperatorUpdate
from acme_core.clock import utc_now
from acme_core.pages import PageRequest
from acme_db.models import AuditAction
from acme_db.page_json import page_json
from acme_db.prepared import Reader


async def list_operators(
    reader: Reader,
    caller: Principal,
    page: PageRequest,
    status: OperatorStatus | None,
    text: str | None,
) -> bytes:
    """Raises `SessionEnded`."""
    found = await queries.list_operators(reader, caller, status, text, page)
    await record_at_once(reader, AuditAction.OPERATORS_LISTED, caller, status=status)
    return page_json(OperatorOut, found, lambda row: {"status": _status(row["suspended_at"])})


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
    reader: Reader, caller: Principal, page: PageRequest, wanted: AuditFilter
) -> bytes:
    """Raises `SessionEnded`."""
    found = await queries.list_audit_events(reader, caller, wanted, page)
    await record_at_once(reader, AuditAction.AUDIT_READ, caller, wanted.subject_id)
    return page_json(AuditEventOut, found)


def _status(suspended_at: datetime | None) -> OperatorStatus:
    return OperatorStatus.ACTIVE if suspended_at is None else OperatorStatus.SUSPENDED


def operator_out(row: OperatorRow) -> OperatorOut:
    operator = row.operator
    return OperatorOut(
        id=operator.id,
        name=operator.name,
        email=operator.email,
        status=_status(operator.suspended_at),
        suspended_at=operator.suspended_at,
        project_count=row.project_count,
        photographer_count=row.photographer_count,
        created_at=operator.created_at,
    )
