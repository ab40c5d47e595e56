"""For the few routes that are asked most: a statement that is compiled once and run by asyncpg itself.

SQLAlchemy spends some 300 us of Python on each run of a statement: finding it compiled, adapting cursor and
rows. Here Core writes the statement and the engine's pool holds the connections; in between is asyncpg alone,
which prepares a statement once for each connection. What `fetch` runs is a transaction of its own.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from asyncpg import Record
from sqlalchemy import BindParameter, ClauseElement
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import cloned_traverse
from sqlalchemy.util.concurrency import greenlet_spawn

from acme_db.traced import described
from acme_telemetry import spans

__all__ = ["Prepared", "Reader", "Record"]

Reader = AsyncEngine | AsyncSession | AsyncConnection
"""An engine in autocommit lends a connection for one statement; the others have one for several."""


class Prepared:
    """Its parameters are the statement's `bindparam`s; constants are written out.

    A plan for all values can use the index of what is `status = 'ready'`; of `status = $1` it knows nothing.
    """

    def __init__(self, statement: ClauseElement) -> None:
        written_out = cloned_traverse(statement, {}, {"bindparam": _write_out})
        compiled = written_out.compile(dialect=asyncpg.dialect())  # type: ignore[no-untyped-call] # SQLAlchemy's own
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - what compiles to anything else is no statement
        still_open = {name: None for name, each in compiled.binds.items() if each.required}
        whole = compiled.construct_expanded_state(still_open)
        self._sql = whole.statement
        self._names = tuple(whole.positiontup or ())

    async def fetch(self, engine: AsyncEngine, **values: object) -> Sequence[Record]:
        held = await greenlet_spawn(engine.sync_engine.pool.connect)
        try:
            return await self._run(held.driver_connection, values)
        finally:
            held.close()  # no transaction was begun through it, so there is nothing to wait for

    async def fetch_by(self, session: Reader, **values: object) -> Sequence[Record]:
        """On its own connection: a request that waited for a second one could wait for itself."""
        if isinstance(session, AsyncEngine):
            return await self.fetch(session, **values)
        connection = session if isinstance(session, AsyncConnection) else await session.connection()
        held = await connection.get_raw_connection()
        return await self._run(held.driver_connection, values)

    async def _run(self, driver: Any, values: Mapping[str, object]) -> Sequence[Record]:
        arguments = [values[name] for name in self._names]
        with spans.span(*described(self._sql)) if spans.is_on() else nullcontext():
            rows: Sequence[Record] = await driver.fetch(self._sql, *arguments)
        return rows


def _write_out(parameter: BindParameter[Any]) -> None:
    """Of a clone."""
    parameter.literal_execute = not parameter.required
