"""Conditional requests and ranges, as RFC 9110 and S3 read them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeAlias

from acme_standalone.objectstore.errors import ErrorCode, S3Error
from acme_standalone.objectstore.object_queries import WriteCondition
from acme_standalone.objectstore.records import ObjectRecord
from acme_standalone.objectstore.request import S3Request

HeaderSource: TypeAlias = Callable[[str], str | None]

_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})", re.ASCII)


def write_condition(request: S3Request) -> WriteCondition:
    if_none_match, if_match = request.header("if-none-match"), request.header("if-match")
    if if_none_match not in (None, "*"):
        raise S3Error(ErrorCode.NOT_IMPLEMENTED, "On a write, If-None-Match takes only *.")
    etag = if_match.strip().strip('"') if if_match is not None else None
    return WriteCondition(must_be_absent=if_none_match == "*", etag=etag)


def is_modified(header: HeaderSource, record: ObjectRecord) -> bool:
    """False means 304. Raises `PreconditionFailed`."""
    etag, modified_at = record.content.etag, record.modified_at.replace(microsecond=0)
    if_match, unmodified_since = header("if-match"), _date(header("if-unmodified-since"))
    if if_match is not None:
        if not _matches(if_match, etag):
            raise S3Error(ErrorCode.PRECONDITION_FAILED, details={"Condition": "If-Match"})
    elif unmodified_since and modified_at > unmodified_since:
        raise S3Error(ErrorCode.PRECONDITION_FAILED, details={"Condition": "If-Unmodified-Since"})
    if_none_match, modified_since = header("if-none-match"), _date(header("if-modified-since"))
    if if_none_match is not None:
        return not _matches(if_none_match, etag)
    return modified_since is None or modified_at > modified_since


def _matches(field: str, etag: str) -> bool:
    candidates = (candidate.strip().removeprefix("W/").strip('"') for candidate in field.split(","))
    return any(candidate in ("*", etag) for candidate in candidates)


def _date(text: str | None) -> datetime | None:
    """None also for what is no date: RFC 9110 has such a condition ignored."""
    if text is None:
        return None
    try:
        parsed = parsedate_to_datetime(text)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ByteRange:
    start: int
    length: int
    total: int

    @property
    def content_range(self) -> str:
        return f"bytes {self.start}-{self.start + self.length - 1}/{self.total}"


def requested_range(header: HeaderSource, record: ObjectRecord) -> ByteRange | None:
    """None for the whole: no range, several, an unreadable one, or an If-Range that no longer holds."""
    match = _RANGE.fullmatch((header("range") or "").strip())
    if match is None or match[0] == "bytes=-" or not _range_still_holds(header("if-range"), record):
        return None
    first, last, size = match[1], match[2], record.content.size
    if first and last and int(last) < int(first):
        return None
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        raise S3Error(ErrorCode.INVALID_RANGE, headers={"content-range": f"bytes */{size}"})
    return ByteRange(start, end - start + 1, size)


def _range_still_holds(if_range: str | None, record: ObjectRecord) -> bool:
    if if_range is None:
        return True
    date = _date(if_range)
    if date is not None:
        return record.modified_at.replace(microsecond=0) == date
    return if_range.strip().strip('"') == record.content.etag
