"""An app refuses to start on a schema that is not at head."""

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from acme_db.migrations import alembic_config


class SchemaNotAtHead(RuntimeError):
    pass


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def head_revision(config: Config) -> str | None:
    return ScriptDirectory.from_config(config).get_current_head()


async def require_head(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        current = await connection.run_sync(_current)
    head = head_revision(alembic_config())
    if current != head:
        raise SchemaNotAtHead(f"the database is at {current}, the code at {head}: run `acme migrate`")
