"""Rows go a batch at a time: a long transaction would hold up others, and a statement has its time."""

from typing import Any

from sqlalchemy import ColumnElement, delete, select

from acme_db.engine import SessionFactory
from acme_db.unit_of_work import unit_of_work


async def remove_in_batches(
    sessions: SessionFactory, table: type[Any], *conditions: ColumnElement[bool], batch: int
) -> int:
    """How many went, each batch in a transaction of its own; rows that others hold stay."""
    held = select(table.id).where(*conditions).limit(batch).with_for_update(skip_locked=True)
    statement = delete(table).where(table.id.in_(held)).execution_options(synchronize_session=False)
    count = 0
    while True:
        async with unit_of_work(sessions) as session:
            removed = int(getattr(await session.execute(statement), "rowcount", 0))
        count += removed
        if removed < batch:
            return count
