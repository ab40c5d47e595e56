"""Whether a session is open and what its account may see, asked in one statement."""

from functools import cached_property

from sqlalchemy import ColumnElement, Uuid, bindparam, select

from acme_auth.principals import Principal
from acme_auth.sessions import SESSION_ID, SessionEnded, is_open
from acme_core.errors import AppError
from acme_db.prepared import Prepared, Reader

ACCOUNT_ID = bindparam("account_id", type_=Uuid())


class Guard:
    """For routes whose token is checked without a look at its session: that look is part of this one."""

    def __init__(self, condition: ColumnElement[bool], refusal: type[AppError]) -> None:
        """The condition's parameters are `ACCOUNT_ID`, and those that `require` is given."""
        self._condition, self._refusal = condition, refusal

    async def require(self, reader: Reader, caller: Principal, **values: object) -> None:
        """Raises `SessionEnded` or the refusal."""
        known = {"session_id": caller.session_id, "account_id": caller.account_id}
        (row,) = await self._statement.fetch_by(reader, **known, **values)
        if not row["is_open"]:
            raise SessionEnded
        if not row["holds"]:
            raise self._refusal

    @cached_property
    def _statement(self) -> Prepared:
        return Prepared(select(is_open(SESSION_ID).label("is_open"), self._condition.label("holds")))
