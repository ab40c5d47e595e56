"""Keyset pages: a cursor is the sort key of the last item, opaque to clients."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel

from acme_core.errors import Invalid

Item = TypeVar("Item")
Row = TypeVar("Row")

MAX_LIMIT = 200
DEFAULT_LIMIT = 50


class InvalidCursor(Invalid):
    code = "invalid_cursor"
    title = "The cursor is not one that this list handed out"


@dataclass(frozen=True)
class Cursor:
    """Newest first: rows come strictly after (`at`, `id`) in descending order."""

    at: datetime
    id: UUID

    def encode(self) -> str:
        raw = json.dumps([self.at.isoformat(), str(self.id)], separators=(",", ":"))
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        try:
            padded = text + "=" * (-len(text) % 4)
            at, row_id = json.loads(base64.b64decode(padded.encode(), altchars=b"-_", validate=True))
            cursor = cls(datetime.fromisoformat(at), UUID(row_id))
        except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError) as error:
            raise InvalidCursor from error
        if cursor.at.tzinfo is None:
            raise InvalidCursor
        return cursor


@dataclass(frozen=True)
class PageRequest:
    limit: int = DEFAULT_LIMIT
    after: Cursor | None = None


class Page(BaseModel, Generic[Item]):
    items: list[Item]
    next_cursor: str | None = None


def cut_page(rows: Sequence[Row], limit: int, key: Callable[[Row], Cursor]) -> tuple[list[Row], str | None]:
    """Cut `limit + 1` fetched rows to a page and the cursor of what follows, if anything does."""
    page = list(rows[:limit])
    return page, key(page[-1]).encode() if len(rows) > limit else None
