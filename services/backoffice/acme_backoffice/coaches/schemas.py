from uuid import UUID

from acme_core.schemas import Name, RequestBody, ResponseBody, UtcDatetime, VersionedUpdate


class CoachWrite(RequestBody):
    name: Name


class CoachUpdate(VersionedUpdate):
    name: Name


class CoachOut(ResponseBody):
    id: UUID
    project_id: UUID
    name: str
    version: int
    created_at: UtcDatetime
