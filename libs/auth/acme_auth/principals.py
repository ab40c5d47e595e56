from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Audience(StrEnum):
    BACKOFFICE = "backoffice"
    MAIN = "main"
    MEDIA = "media"


class Role(StrEnum):
    OPERATOR = "operator"
    PHOTOGRAPHER = "photographer"
    USER = "user"
    SUPERADMIN = "superadmin"


class Scope(StrEnum):
    SELFIE = "selfie"
    EVENTS = "events"


@dataclass(frozen=True)
class Principal:
    """Who calls, as a verified token says it."""

    account_id: UUID
    role: Role
    audience: Audience
    token_id: str
    expires_at: datetime
    session_id: UUID | None = None
    scopes: frozenset[str] = frozenset()
