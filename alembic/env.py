"""Runs migrations over asyncpg. Imports the db library, its settings, and nothing else of the application."""

import asyncio
import os

from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from acme_config.settings import MigrationSettings
from acme_db.models import Base
from alembic import context

ADVISORY_LOCK = 7_203_144_901


TABLES_IN_USE = text("""
    SELECT quote_ident(relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
""")


def _run(connection: Connection) -> None:
    applied: list[object] = []
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
        on_version_apply=lambda step, **_: applied.append(step),
    )
    with context.begin_transaction():
        context.run_migrations()
    if applied:
        _look_at_tables(connection)


def _look_at_tables(connection: Connection) -> None:
    """Of a new column the planner knows nothing, and takes its values for rare, until the table is analyzed.

    Autovacuum would come when a tenth of a large table has changed: after weeks of slow lists. Of an empty
    table it is better to know nothing than that it was empty.
    """
    for table in connection.scalars(TABLES_IN_USE).all():
        connection.execute(text(f"ANALYZE {table}"))
    connection.commit()


def _locked(connection: Connection) -> None:
    """Two deployments at once take turns; a migration gives up rather than queue behind traffic."""
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
    settings = MigrationSettings()
    connection.execute(text(f"SET lock_timeout = {settings.lock_timeout_s * 1000:.0f}"))
    connection.execute(text(f"SET statement_timeout = {settings.statement_timeout_s * 1000:.0f}"))
    connection.commit()
    try:
        _run(connection)
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
        connection.commit()


async def _main() -> None:
    url = context.config.attributes.get("url") or os.environ["DATABASE_URL"]
    engine = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"))
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_locked)
    finally:
        await engine.dispose()


asyncio.run(_main())
