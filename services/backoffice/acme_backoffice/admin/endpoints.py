from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_backoffice.admin import service
from acme_backoffice.admin.errors import OperatorNotFound
from acme_backoffice.admin.queries import AuditFilter
from acme_backoffice.admin.schemas import (
    AuditCategory,
    AuditEventOut,
    OperatorOut,
    OperatorStatus,
    OperatorUpdate,
)
from acme_core.pages import Page
from acme_core.schemas import UtcDatetime
from acme_db.models import AuditAction
from acme_web.dependencies import (
    CurrentSuperadmin,
    DbSession,
    Paging,
    QueryText,
    Reads,
    SuperadminOfToken,
    WrongRole,
)
from acme_web.problems import ValidationFailed, problems
from acme_web.written import written

router = APIRouter(
    prefix="/admin",
    tags=["admin"],
    responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed),
)


async def _audit_filter(
    actor_id: UUID | None = None,
    subject_id: UUID | None = None,
    action: AuditAction | None = None,
    category: AuditCategory | None = None,
    since: Annotated[UtcDatetime | None, Query(alias="from")] = None,
    until: Annotated[UtcDatetime | None, Query(alias="to")] = None,
) -> AuditFilter:
    return AuditFilter(actor_id, subject_id, action, category, since, until)


@router.get("/operators", response_model=Page[OperatorOut])
async def list_operators(
    caller: SuperadminOfToken,
    reader: Reads,
    page: Paging,
    status: OperatorStatus | None = None,
    q: QueryText = None,
) -> Response:
    return written(await service.list_operators(reader, caller, page, status, q))


@router.patch("/operators/{operator_id}", responses=problems(OperatorNotFound))
async def update_operator(
    operator_id: UUID, body: OperatorUpdate, caller: CurrentSuperadmin, session: DbSession
) -> OperatorOut:
    return await service.update_operator(session, caller, operator_id, body)


@router.get("/audit-events", response_model=Page[AuditEventOut])
async def list_audit_events(
    caller: SuperadminOfToken,
    reader: Reads,
    page: Paging,
    wanted: Annotated[AuditFilter, Depends(_audit_filter)],
) -> Response:
    return written(await service.list_audit_events(reader, caller, page, wanted))
