from typing import Annotated, Self
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, AnyHttpUrl, Field, model_validator

from acme_core.schemas import LongText, Name, RequestBody, ResponseBody, UtcDatetime


def _known_timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be an IANA time zone")
    return name


TimeZoneName = Annotated[str, Field(max_length=64), AfterValidator(_known_timezone)]
Link = Annotated[AnyHttpUrl, Field(max_length=2000)]


class ProjectCreate(RequestBody):
    name: Name
    location_name: Name | None = None
    start_at: UtcDatetime | None = None
    end_at: UtcDatetime | None = None
    project_link: Link | None = None
    terms_and_conditions: LongText | None = None
    timezone: TimeZoneName | None = None

    @model_validator(mode="after")
    def ends_after_start(self) -> Self:
        if self.start_at and self.end_at and self.end_at < self.start_at:
            raise ValueError("end_at must not be before start_at")
        return self


class ProjectUpdate(ProjectCreate):
    name: Name = ""


class ProjectOut(ResponseBody):
    id: UUID
    name: str
    location_name: str | None
    start_at: UtcDatetime | None
    end_at: UtcDatetime | None
    project_link: str | None
    terms_and_conditions: str | None
    timezone: str | None
    created_at: UtcDatetime


class MemberOut(ResponseBody):
    user_id: UUID
    name: str
    email: str
    joined_at: UtcDatetime
    terms_accepted_at: UtcDatetime | None
