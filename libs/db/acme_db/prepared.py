"""For the few routes that are asked most: a statement that is compiled once and run by asyncpg itself.

SQLAlchemy spends some 300 us of Python on each run of a statement: finding it compiled, adapting cursor and
rows. Here Core writes the statement and the engine's pool holds the connections; in between is asyncpg alone,
which prepares a statement once for each connection. What is run is a transaction of its own.
"""

from collections.abc import Sequence

from asyncpg import Connection, Record
from sqlalchemy import ClauseElement
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.sql.compiler import SQLCompiler

__all__ = ["Prepared", "Record"]


class UnfinishedStatementError(TypeError):
    """`in_` of plain values is written out by SQLAlchemy at each run only; give it `any_` of one array."""


class Prepared:
    """Its parameters are the statement's `bindparam`s; constants go along as they were compiled."""

    def __init__(self, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=asyncpg.dialect())  # type: ignore[no-untyped-call] # SQLAlchemy's own
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - what compiles to anything else is no statement
        if compiled.post_compile_params:
            raise UnfinishedStatementError([parameter.key for parameter in compiled.post_compile_params])
        self._sql = compiled.string
        self._names = tuple(compiled.positiontup or ())
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}

    async def fetch(self, engine: AsyncEngine, **values: object) -> Sequence[Record]:

        given = {**self._constants, **values}
        arguments = [given[name] for name in self._names]
        async with engine.connect() as connection:
            driver: Connection = (await connection.get_raw_connection()).driver_connection
            rows: Sequence[Record] = await driver.fetch(self._sql, *arguments)
            return rows
