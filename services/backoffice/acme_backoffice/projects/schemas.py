from typing import Annotated, Self
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, AnyHttpUrl, Field, model_validator

from acme_core.matching import SCORE_FLOOR
from acme_core.schemas import LongText, Name, RequestBody, ResponseBody, UtcDatetime, VersionedUpdate


def _known_timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be an IANA time zone")
    return name


TimeZoneName = Annotated[str, Field(max_length=64), AfterValidator(_known_timezone)]
Link = Annotated[AnyHttpUrl, Field(max_length=2000)]


Confidence = Annotated[float, Field(ge=SCORE_FLOOR, le=100)]


class ProjectFields(RequestBody):
    location_name: Name | None = None
    start_at: UtcDatetime | None = None
    end_at: UtcDatetime | None = None
    project_link: Link | None = None
    terms_and_conditions: LongText | None = None
    timezone: TimeZoneName | None = None
    matches_need_verified_email: bool = False
    """Guests see what recognition found once they have verified their address."""

    @model_validator(mode="after")
    def ends_after_start(self) -> Self:
        if self.start_at and self.end_at and self.end_at < self.start_at:
            raise ValueError("end_at must not be before start_at")
        return self


class ProjectCreate(ProjectFields):
    name: Name


class ProjectUpdate(ProjectFields, VersionedUpdate):
    name: Name = ""
    confirm_confidence: Confidence | None = None
    """From which score on a match is certain; null = the platform's bound. Likewise the next."""
    review_confidence: Confidence | None = None


class ProjectOut(ResponseBody):
    id: UUID
    name: str
    location_name: str | None
    start_at: UtcDatetime | None
    end_at: UtcDatetime | None
    project_link: str | None
    terms_and_conditions: str | None
    timezone: str | None
    confirm_confidence: float | None
    review_confidence: float | None
    matches_need_verified_email: bool
    version: int
    created_at: UtcDatetime


class FaceIndexUpdate(RequestBody):
    enabled: bool
    attestation: Annotated[LongText, Field(min_length=20, max_length=2000)] | None = None
    """Who has agreed to it, in the operator's words: needed to turn it on."""

    @model_validator(mode="after")
    def _needs_attestation(self) -> Self:
        if self.enabled and self.attestation is None:
            raise ValueError("an attestation is needed to keep the vectors of all faces")
        return self


class FaceIndexOut(ResponseBody):
    enabled: bool
    enabled_at: UtcDatetime | None
    enabled_by: UUID | None
    attestation: str | None


class ListedProjectOut(ProjectOut):
    deleted_at: UtcDatetime | None
    member_count: int
    photo_count: int
    """Ready ones."""
    pending_tag_count: int
    """Matches that wait for somebody's decision."""


class MemberOut(ResponseBody):
    user_id: UUID
    name: str
    email: str
    joined_at: UtcDatetime
    terms_accepted_at: UtcDatetime | None
