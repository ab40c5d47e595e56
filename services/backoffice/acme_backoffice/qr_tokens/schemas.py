from typing import Annotated
from uuid import UUID

from pydantic import Field

from acme_core.schemas import Name, RequestBody, ResponseBody, UtcDatetime
from acme_db.models.qr_token import QrTokenKind

MINUTE_S, YEAR_S = 60, 366 * 86400


class QrTokenCreate(RequestBody):
    kind: QrTokenKind
    expires_in_s: Annotated[int, Field(ge=MINUTE_S, le=YEAR_S, strict=True)]
    label: Name | None = None


class QrTokenOut(ResponseBody):
    id: UUID
    kind: QrTokenKind
    token: str
    join_url: str
    """What the printed code holds."""
    label: str | None
    expires_at: UtcDatetime
    used_at: UtcDatetime | None
    """The first use."""
    use_count: int
    revoked_at: UtcDatetime | None
    created_at: UtcDatetime
