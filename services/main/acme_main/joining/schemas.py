from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from acme_core.schemas import RequestBody, ResponseBody, UtcDatetime


class InvitationOut(ResponseBody):
    """What a code leads to, before anybody signs in."""

    project_id: UUID
    name: str
    location_name: str | None
    start_at: UtcDatetime | None
    end_at: UtcDatetime | None
    timezone: str | None
    project_link: str | None
    terms_and_conditions: str | None
    operator_name: str
    operator_picture_url: str | None
    expires_at: UtcDatetime


class JoinRequest(RequestBody):
    token: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    accept_terms: bool = False


class MembershipOut(ResponseBody):
    project_id: UUID
    name: str
    joined_at: UtcDatetime
    terms_accepted_at: UtcDatetime | None
