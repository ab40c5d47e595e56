from uuid import UUID

from acme_backoffice.projects.schemas import ProjectOut
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


class UploadCounts(ResponseBody):
    awaited: int
    """Announced, not here yet."""
    processing: int
    ready: int
    failed: int


class AssignedProjectOut(ProjectOut):
    own_photos: UploadCounts


class PhotographerOut(ResponseBody):
    id: UUID
    operator_id: UUID
    name: str
    email: str
    address: str | None
    version: int
    created_at: UtcDatetime
