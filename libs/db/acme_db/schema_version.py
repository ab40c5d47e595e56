"""An app refuses to start on a schema that is not at head."""

from functools import cache

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from acme_db.migrations import alembic_config


class SchemaNotAtHead(RuntimeError):
    pass


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def head_revision(config: Config) -> str | None:
    return ScriptDirectory.from_config(config).get_current_head()


@cache
def _code_revision() -> str | None:
    return head_revision(alembic_config())


async def revisions(connection: AsyncConnection) -> tuple[str | None, str | None]:
    """The database's, and the code's."""
    return await connection.run_sync(_current), _code_revision()


async def require_head(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        current, head = await revisions(connection)
    if current != head:
        raise SchemaNotAtHead(f"the database is at {current}, the code at {head}: run `acme migrate`")
