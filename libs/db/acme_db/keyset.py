from datetime import datetime
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from acme_core.pages import PageRequest

Columns = TypeVarTuple("Columns")


def newest_first(
    statement: Select[*Columns],
    at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    row_id: InstrumentedAttribute[UUID],
    page: PageRequest,
) -> Select[*Columns]:
    """The rows after the page's cursor; one more than asked for, to see whether more follows."""
    if page.after is not None:
        statement = statement.where(tuple_(at, row_id) < (page.after.at, page.after.id))
    return statement.order_by(at.desc(), row_id.desc()).limit(page.limit + 1)
