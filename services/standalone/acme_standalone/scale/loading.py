"""Everything into an empty database, by COPY, in one transaction: all of it or nothing.

Indexes and keys are taken off before and made again after: that is faster by far, and PostgreSQL itself
proves then that the rows keep to them.
"""

import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import structlog
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from acme_db import figures
from acme_db.models import Base
from acme_standalone.scale.people import people
from acme_standalone.scale.photos import photos
from acme_standalone.scale.projects import projects
from acme_standalone.scale.rows import Rows
from acme_standalone.scale.sales import sales
from acme_standalone.scale.shape import Shape

log = structlog.get_logger()

CHUNK_LINES = 1000
KEYS = """
SELECT conrelid::regclass::text AS owner, conname AS name, pg_get_constraintdef(oid) AS text,
contype = 'f' AS is_foreign
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f')
AND conrelid::regclass::text = ANY($1) ORDER BY contype = 'f', conname
"""
INDEXES = """
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS text FROM pg_index
WHERE indrelid::regclass::text = ANY($1)
AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
"""


class NotEmptyError(RuntimeError):
    """The database holds something already."""


@dataclass(frozen=True)
class Definition:
    drop: str
    create: str


async def load(url: str, shape: Shape) -> None:
    """Raises `NotEmptyError`."""
    engine = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"))
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            await connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
            driver = (await connection.get_raw_connection()).driver_connection
            await _fill(driver, [*people(shape), *projects(shape), *photos(shape), *sales(shape)])
            await _count(connection)
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.exec_driver_sql("VACUUM (ANALYZE)")
    finally:
        await engine.dispose()


async def _fill(connection: asyncpg.Connection, filled: Sequence[Rows]) -> None:
    await _require_empty(connection)
    tables = list(Base.metadata.tables)
    # Rows are written as old ones, which no vacuum has to visit: allowed in what this transaction emptied.
    await connection.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
    async with _bare(connection, tables):
        for rows in filled:
            await _copy(connection, rows)


async def _require_empty(connection: asyncpg.Connection) -> None:
    """Of every table of ours; locked, so that nobody fills one meanwhile."""
    for table in Base.metadata.tables:
        await connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table})"):  # noqa: S608 - a name of ours
            raise NotEmptyError(f"the database is not empty: there are rows in {table}")


@asynccontextmanager
async def _bare(connection: asyncpg.Connection, tables: Sequence[str]) -> AsyncIterator[None]:
    """Without indexes, keys and triggers for as long as the block lasts."""
    definitions = await _definitions(connection, tables)
    for table in tables:
        await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for definition in reversed(definitions):
        await connection.execute(definition.drop)
    yield
    started = time.monotonic()
    for definition in definitions:
        await connection.execute(definition.create)
    for table in tables:
        await connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    log.info("indexed", seconds=round(time.monotonic() - started, 1))


async def _definitions(connection: asyncpg.Connection, tables: Sequence[str]) -> list[Definition]:
    """In the order of their making: keys, indexes, and last the keys that refer to others."""
    keys: list[Definition] = []
    references: list[Definition] = []
    for row in await connection.fetch(KEYS, tables):
        alter = f"ALTER TABLE {row['owner']}"
        definition = Definition(
            f"{alter} DROP CONSTRAINT {row['name']}", f"{alter} ADD CONSTRAINT {row['name']} {row['text']}"
        )
        (references if row["is_foreign"] else keys).append(definition)
    indexes = [
        Definition(f"DROP INDEX {row['name']}", row["text"])
        for row in await connection.fetch(INDEXES, tables)
    ]
    return [*keys, *indexes, *references]


async def _copy(connection: asyncpg.Connection, rows: Rows) -> None:
    started = time.monotonic()
    status = await connection.copy_to_table(
        rows.table, source=_chunks(rows.lines), columns=rows.columns.split(), freeze=True
    )
    log.info(
        "filled", table=rows.table, rows=int(status.split()[-1]), seconds=round(time.monotonic() - started, 1)
    )


async def _chunks(lines: Iterable[str]) -> AsyncIterator[bytes]:
    chunk: list[str] = []
    for line in lines:
        chunk.append(line)
        if len(chunk) == CHUNK_LINES:
            yield "".join(chunk).encode()
            chunk.clear()
    yield "".join(chunk).encode()


async def _count(connection: AsyncConnection) -> None:
    """The figures, whose triggers were not asked."""
    started = time.monotonic()
    await figures.count_everything(connection)
    log.info("counted", seconds=round(time.monotonic() - started, 1))
