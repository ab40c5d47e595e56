"""Whether a session is open and what its account may see, asked in the statement that reads it."""

from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, Uuid, and_, bindparam, select, true
from sqlalchemy.orm import InstrumentedAttribute

from acme_auth.principals import Principal
from acme_auth.sessions import SESSION_ID, SessionEnded, is_open
from acme_core.errors import AppError
from acme_core.pages import PageRequest
from acme_db.listing import BuiltListing, Listed, behind_guard
from acme_db.prepared import Prepared, Reader, Record

ACCOUNT_ID = bindparam("account_id", type_=Uuid())


class Guard:
    """For routes whose token is checked without a look at its session: that look is part of this one."""

    def __init__(self, condition: ColumnElement[bool], refusal: type[AppError]) -> None:
        """The condition's parameters are `ACCOUNT_ID`, and those that the list is asked with."""
        self._refusal = refusal
        self.asked = select(
            is_open(SESSION_ID).label("session_is_open"), condition.label("lets_in")
        ).subquery("guard")
        self.lets_in = and_(self.asked.c.session_is_open, self.asked.c.lets_in)

    def check(self, row: Record) -> None:
        """Raises `SessionEnded` or the refusal."""
        if not row["session_is_open"]:
            raise SessionEnded
        if not row["lets_in"]:
            raise self._refusal


OPEN_SESSION = Guard(true(), SessionEnded)
"""For what is the caller's own."""


class GuardedListing:
    """A list of what only some may see: one statement tells whether the caller may, and what there is."""

    def __init__(self, guard: Guard, listing: BuiltListing) -> None:
        self._guard = guard
        self._listing = listing.behind(guard.asked, guard.lets_in)

    async def page(self, reader: Reader, caller: Principal, page: PageRequest, **values: object) -> Listed:
        """A value that is None does not narrow. Raises `SessionEnded` or the guard's refusal."""
        rows = await self._listing.fetch(reader, page, **_known(caller), **values)
        self._guard.check(rows[0])
        return self._listing.cut([] if self._listing.is_empty(rows) else rows, page)


class GuardedRows:
    """Likewise a list that is told whole, in an order of its own."""

    def __init__(
        self, guard: Guard, statement: Select[*tuple[Any, ...]], *order: InstrumentedAttribute[Any]
    ) -> None:
        """`order` is among the columns; the last of it tells rows apart, and is null in none."""
        self._guard, self._statement = guard, statement
        self._order = [each.key for each in order]

    async def all(self, reader: Reader, caller: Principal, **values: object) -> Listed:
        """Raises `SessionEnded` or the guard's refusal."""
        rows = await self._behind.fetch_by(reader, **_known(caller), **values)
        self._guard.check(rows[0])
        return Listed([] if rows[0][self._order[-1]] is None else rows, None)

    @cached_property
    def _behind(self) -> Prepared:
        found = self._statement.lateral("found")
        statement = behind_guard(self._guard.asked, self._guard.lets_in, found)
        return Prepared(statement.order_by(*(found.c[name] for name in self._order)))


def _known(caller: Principal) -> dict[str, object]:
    return {"session_id": caller.session_id, "account_id": caller.account_id}
