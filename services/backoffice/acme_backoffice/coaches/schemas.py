from uuid import UUID

from acme_core.schemas import Name, RequestBody, ResponseBody, UtcDatetime


class CoachWrite(RequestBody):
    name: Name


class CoachOut(ResponseBody):
    id: UUID
    project_id: UUID
    name: str
    created_at: UtcDatetime
