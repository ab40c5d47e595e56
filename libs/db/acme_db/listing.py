"""Lists in pages, newest first, as plain rows: each shape of a list's statement is compiled once.

Fifty mapped objects that are read once and thrown away cost more than their query: the statement put together
and looked up anew, an identity and a state for each, every column of the table. Here a list names its columns
and its conditions, and asyncpg runs what `Prepared` has kept. Why, and what it brings: docs/decisions/0022.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Integer, Select, Uuid, bindparam, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from acme_core.pages import Cursor, PageRequest, cut_page
from acme_db.models.base import Base
from acme_db.prepared import Prepared, Reader, Record

At = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]

AFTER = tuple_(bindparam("after_at", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid()))
ESCAPE = "/"
ROWS = bindparam("rows", type_=Integer())


class Build(Protocol):
    def __call__(
        self, conditions: Sequence[ColumnElement[bool]], /, *, has_cursor: bool
    ) -> Select[*tuple[Any, ...]]: ...


@dataclass(frozen=True)
class Listed:
    rows: Sequence[Record]
    next_cursor: str | None


class BuiltListing:
    """`build` puts a shape of the statement together, of conditions and of whether there is a cursor.

    `at` and `row_id`, which the list is in the order of, are among its columns.
    """

    def __init__(
        self, build: Build, at: At, row_id: InstrumentedAttribute[UUID], **narrowing: ColumnElement[bool]
    ) -> None:
        """`narrowing`: conditions by the values that ask for them. Values are parameters of their name."""
        self._build, self._narrowing = build, narrowing
        self._at, self._row_id = at, row_id
        self._shapes: dict[tuple[frozenset[str], bool], Prepared] = {}

    async def page(self, reader: Reader, page: PageRequest, **values: object) -> Listed:
        """A value that is None does not narrow."""
        given = {name: value for name, value in values.items() if value is not None}
        rows = await self._shape(given, page).fetch_by(reader, **given, **bounds(page))
        return listed(rows, page, self._at.key, self._row_id.key)

    def _shape(self, given: Mapping[str, object], page: PageRequest) -> Prepared:
        shape = frozenset(given), page.after is not None
        kept = self._shapes.get(shape)
        if kept is None:
            conditions = [self._narrowing[name] for name in given if name in self._narrowing]
            statement = self._build(conditions, has_cursor=page.after is not None)
            kept = self._shapes[shape] = Prepared(statement)
        return kept


class Listing(BuiltListing):
    """Of one statement, to be narrowed, put in order and cut."""

    def __init__(
        self,
        statement: Select[*tuple[Any, ...]],
        at: At,
        row_id: InstrumentedAttribute[UUID],
        **narrowing: ColumnElement[bool],
    ) -> None:
        def build(conditions: Sequence[ColumnElement[bool]], *, has_cursor: bool) -> Select[*tuple[Any, ...]]:
            return newest_first_of(statement.where(*conditions), at, row_id, has_cursor=has_cursor)

        super().__init__(build, at, row_id, **narrowing)


def newest_first_of(
    statement: Select[*tuple[Any, ...]], at: At, row_id: InstrumentedAttribute[UUID], *, has_cursor: bool
) -> Select[*tuple[Any, ...]]:
    """`acme_db.keyset.newest_first` of a page that is not known yet; `bounds` has its parameters."""
    if has_cursor:
        statement = statement.where(tuple_(at, row_id) < AFTER)
    return statement.order_by(at.desc(), row_id.desc()).limit(ROWS)


def bounds(page: PageRequest) -> dict[str, object]:
    """One more than asked for, to see whether more follows."""
    after = {"after_at": page.after.at, "after_id": page.after.id} if page.after else {}
    return {"rows": page.limit + 1, **after}


def listed(rows: Sequence[Record], page: PageRequest, at: str, row_id: str = "id") -> Listed:
    return Listed(*cut_page(rows, page.limit, lambda row: Cursor(row[at], row[row_id])))


def columns_among(table: type[Base], names: Collection[str]) -> list[InstrumentedAttribute[Any]]:
    """The table's columns of these names; a body's other fields are told, not read."""
    return [getattr(table, name) for name in names if name in table.__table__.columns]


def escaped(text: str | None) -> str | None:
    """For LIKE: its signs stand for themselves. None and "" look for nothing."""
    return (text or None) and text.replace("/", "//").replace("%", "/%").replace("_", "/_")
