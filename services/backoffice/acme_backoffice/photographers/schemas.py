from uuid import UUID

from acme_core.schemas import Name, RequestBody, ResponseBody, ShortText, UtcDatetime, VersionedUpdate
from acme_web.credentials import Email, NewPassword


class PhotographerCreate(RequestBody):
    name: Name
    email: Email
    password: NewPassword | None = None
    """Without one, an invitation is mailed."""
    address: ShortText | None = None


class PhotographerUpdate(VersionedUpdate):
    name: Name = ""
    address: ShortText | None = None


class PhotographerOut(ResponseBody):
    id: UUID
    operator_id: UUID
    name: str
    email: str
    address: str | None
    version: int
    created_at: UtcDatetime
