"""Lists in pages, newest first, as plain rows: each shape of a list's statement is compiled once.

Fifty mapped objects that are read once and thrown away cost more than their query: the statement put together
and looked up anew, an identity and a state for each, every column of the table. Here a list names its columns
and its conditions, and asyncpg runs what `Prepared` has kept. Why, and what it brings: docs/decisions/0022.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    Select,
    Subquery,
    Uuid,
    bindparam,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute

from acme_core.pages import DEFAULT_LIMIT, MAX_LIMIT, Cursor, PageRequest, cut_page
from acme_db.models.base import Base
from acme_db.prepared import Prepared, Reader, Record

At = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]

AFTER = tuple_(bindparam("after_at", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid()))
ESCAPE = "/"
STEPS: Final = (DEFAULT_LIMIT + 1, MAX_LIMIT + 1)
"""Rows that a statement reads: one more than the longest page that it serves, to see whether more follows.

Written out, so that a plan that is kept knows how few they are."""


@dataclass(frozen=True)
class Cut:
    """Which part of a list a statement reads."""

    has_cursor: bool
    rows: int


class Build(Protocol):
    def __call__(
        self, conditions: Sequence[ColumnElement[bool]], cut: Cut, /
    ) -> Select[*tuple[Any, ...]]: ...


@dataclass(frozen=True)
class Listed:
    rows: Sequence[Record]
    next_cursor: str | None


class BuiltListing:
    """`build` puts a shape of the statement together, of conditions and of the part that is read.

    `at` and `row_id`, which the list is in the order of, are among its columns.
    """

    def __init__(
        self, build: Build, at: At, row_id: InstrumentedAttribute[UUID], **narrowing: ColumnElement[bool]
    ) -> None:
        """`narrowing`: conditions by the values that ask for them. Values are parameters of their name."""
        self._build, self._narrowing = build, narrowing
        self._at, self._row_id = at, row_id
        self._shapes: dict[tuple[frozenset[str], Cut], Prepared] = {}

    async def fetch(self, reader: Reader, page: PageRequest, **values: object) -> Sequence[Record]:
        """The page's rows and some of those that follow. A value that is None does not narrow."""
        given = {name: value for name, value in values.items() if value is not None}
        return await self._shape(given, page).fetch_by(reader, **given, **after_values(page))

    def cut(self, rows: Sequence[Record], page: PageRequest) -> Listed:
        at, row_id = self._at.key, self._row_id.key
        return Listed(*cut_page(rows, page.limit, lambda row: Cursor(row[at], row[row_id])))

    def behind(self, guard: Subquery, lets_in: ColumnElement[bool]) -> "BuiltListing":
        """As `behind_guard` says."""

        def build(conditions: Sequence[ColumnElement[bool]], cut: Cut) -> Select[*tuple[Any, ...]]:
            page = self._build(conditions, cut).lateral("page")
            return behind_guard(guard, lets_in, page).order_by(
                page.c[self._at.key].desc(), page.c[self._row_id.key].desc()
            )

        return BuiltListing(build, self._at, self._row_id, **self._narrowing)

    def is_empty(self, rows: Sequence[Record]) -> bool:
        """Of what is `behind` a guard."""
        return rows[0][self._row_id.key] is None

    def _shape(self, given: Mapping[str, object], page: PageRequest) -> Prepared:
        cut = cut_of(page)
        kept = self._shapes.get((frozenset(given), cut))
        if kept is None:
            conditions = [self._narrowing[name] for name in given if name in self._narrowing]
            kept = self._shapes[frozenset(given), cut] = Prepared(self._build(conditions, cut))
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
        def build(conditions: Sequence[ColumnElement[bool]], cut: Cut) -> Select[*tuple[Any, ...]]:
            return newest_first_of(statement.where(*conditions), at, row_id, cut)

        super().__init__(build, at, row_id, **narrowing)


def behind_guard(
    guard: Subquery, lets_in: ColumnElement[bool], found: FromClause
) -> Select[*tuple[Any, ...]]:
    """There is always a row, for what the guard's one tells; its other columns may all be null."""
    return select(guard, found).select_from(guard.outerjoin(found, lets_in))


def newest_first_of(
    statement: Select[*tuple[Any, ...]], at: At, row_id: InstrumentedAttribute[UUID], cut: Cut
) -> Select[*tuple[Any, ...]]:
    """Of a page that is not known yet: its `after_values` are parameters."""
    if cut.has_cursor:
        statement = statement.where(tuple_(at, row_id) < AFTER)
    return statement.order_by(at.desc(), row_id.desc()).limit(literal_column(str(cut.rows)))


def cut_of(page: PageRequest) -> Cut:
    return Cut(page.after is not None, next(step for step in STEPS if step > page.limit))


def after_values(page: PageRequest) -> dict[str, object]:
    return {"after_at": page.after.at, "after_id": page.after.id} if page.after else {}


def columns_among(table: type[Base], names: Collection[str]) -> list[InstrumentedAttribute[Any]]:
    """The table's columns of these names; a body's other fields are told, not read."""
    return [getattr(table, name) for name in names if name in table.__table__.columns]


def escaped(text: str | None) -> str | None:
    """For LIKE: its signs stand for themselves. None and "" look for nothing."""
    return (text or None) and text.replace("/", "//").replace("%", "/%").replace("_", "/_")
