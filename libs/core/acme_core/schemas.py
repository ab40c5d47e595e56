"""Base types of request and response bodies."""

import unicodedata
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

EARLIEST_YEAR, LATEST_YEAR = 1800, 2999
"""What no calendar of an event needs, and every part can still convert between zones."""


Moment = TypeVar("Moment", bound=date)
"""A day, or an instant."""


def refuse_controls(text: str) -> str:
    if text.isprintable():  # has neither, and is told in a tenth of the time: so are nearly all
        return text
    if any(unicodedata.category(char) == "Cc" and char not in "\n\r\t" for char in text):
        raise ValueError("must not contain control characters")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("must be valid Unicode text")
    return text


def _refuse_line_breaks(text: str) -> str:
    if "\n" in text or "\r" in text:
        raise ValueError("must be a single line")
    return text


def refuse_far_times(value: Moment) -> Moment:
    if not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
        raise ValueError(f"must be between the years {EARLIEST_YEAR} and {LATEST_YEAR}")
    return value


def to_utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _in_utc(value: datetime) -> datetime:
    """Which is then written with a "Z"."""
    return value.astimezone(UTC)


_Clean = AfterValidator(refuse_controls)

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=255),
    _Clean,
    AfterValidator(_refuse_line_breaks),
]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100_000), _Clean]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000), _Clean]
OpaqueToken = Annotated[str, StringConstraints(min_length=1, max_length=1_000), _Clean]
"""What was handed out before, and is only looked up."""
UtcDatetime = Annotated[
    AwareDatetime,
    AfterValidator(refuse_far_times),
    AfterValidator(_in_utc),
]


class RequestBody(BaseModel):
    """What a client sends: unknown fields are refused, so a typing error is never silently dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class VersionedUpdate(RequestBody):
    """What is left out stays as it is."""

    version: Annotated[int | None, Field(ge=1, le=2_147_483_647)] = None
    """The version that the author of the change saw; when another change was made since, it is refused."""


class ResponseBody(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)

    @classmethod
    def of_row(cls, row: object, **told: object) -> Self:
        """What is not told is the row's, by the same names."""
        return cls(**{name: getattr(row, name) for name in _rest_of(cls, frozenset(told))}, **told)


@cache
def _rest_of(body: type[BaseModel], told: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in body.model_fields if name not in told)
