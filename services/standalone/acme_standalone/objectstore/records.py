"""Rows of the index as values."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self


def now_ms() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


@dataclass(frozen=True, slots=True)
class Checksum:
    algorithm: str
    value: str
    """Base64."""

    @property
    def element(self) -> str:
        return f"Checksum{self.algorithm.upper()}"

    @property
    def header(self) -> str:
        return f"x-amz-checksum-{self.algorithm}"

    @property
    def text(self) -> str:
        return f"{self.algorithm}:{self.value}"

    @classmethod
    def of(cls, text: str | None) -> Self | None:
        if text is None:
            return None
        algorithm, _, value = text.partition(":")
        return cls(algorithm, value)


@dataclass(frozen=True, slots=True)
class Content:
    """A blob that is on disk, and what was learnt while it was written."""

    blob_id: str
    size: int
    etag: str
    checksum: Checksum | None


@dataclass(frozen=True, slots=True)
class ObjectRecord:
    key: str
    content: Content
    modified_at: datetime
    headers: dict[str, str]
    """Content-Type, Cache-Control and their like, and x-amz-meta-*; names in lower case."""

    @classmethod
    def of(cls, row: sqlite3.Row) -> Self:
        return cls(
            row["key"].decode(), _content(row), _instant(row["modified_at"]), json.loads(row["headers"])
        )


@dataclass(frozen=True, slots=True)
class BucketRecord:
    name: str
    created_at: datetime
    cors: str | None

    @classmethod
    def of(cls, row: sqlite3.Row) -> Self:
        return cls(row["name"], _instant(row["created_at"]), row["cors"])


@dataclass(frozen=True, slots=True)
class PartRecord:
    number: int
    content: Content
    modified_at: datetime

    @classmethod
    def of(cls, row: sqlite3.Row) -> Self:
        return cls(row["number"], _content(row), _instant(row["modified_at"]))


def _content(row: sqlite3.Row) -> Content:
    return Content(row["blob_id"], row["size"], row["etag"], Checksum.of(row["checksum"]))
