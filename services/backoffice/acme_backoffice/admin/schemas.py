from enum import StrEnum
from typing import Any
from uuid import UUID

from acme_core.schemas import RequestBody, ResponseBody, ShortText, UtcDatetime
from acme_db.models import AuditAction


class OperatorStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"


class AuditCategory(StrEnum):
    """The part of an action before its dot."""

    AUTH = "auth"
    CONSENT = "consent"
    REVIEW = "review"
    MONEY = "money"
    WEBHOOK = "webhook"
    ADMIN = "admin"


class OperatorUpdate(RequestBody):
    status: OperatorStatus
    reason: ShortText = ""
    """For the audit log."""


class OperatorOut(ResponseBody):
    id: UUID
    name: str
    email: str
    status: OperatorStatus
    suspended_at: UtcDatetime | None
    project_count: int
    photographer_count: int
    created_at: UtcDatetime


class AuditEventOut(ResponseBody):
    id: UUID
    occurred_at: UtcDatetime
    action: AuditAction
    actor_role: str | None
    actor_id: UUID | None
    actor_name: str | None
    """Of staff; guests stay an id."""
    subject_id: UUID | None
    ip: str | None
    request_id: str | None
    details: dict[str, Any]
