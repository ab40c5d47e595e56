"""An app refuses to start on a schema that is not at head."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from acme_db.migrations import alembic_config, head


class SchemaNotAtHead(RuntimeError):
    pass


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def pending(engine: AsyncEngine) -> list[str]:
    """What `acme migrate` would run, oldest first, as `revision: what it does`.

    Raises `SchemaNotAtHead` on a database of newer code than this.
    """
    async with engine.connect() as connection:
        current = await connection.run_sync(_current)
    scripts = ScriptDirectory.from_config(alembic_config())
    try:
        missing = list(scripts.iterate_revisions("head", current))
    except (CommandError, RevisionError):
        raise SchemaNotAtHead(f"the database is at {current}, which this code does not know") from None
    return [f"{script.revision}: {script.doc}" for script in reversed(missing) if script.revision != current]


@cache
def _code_revision() -> str | None:
    return head()


async def revisions(connection: AsyncConnection) -> tuple[str | None, str | None]:
    """The database's, and the code's."""
    return await connection.run_sync(_current), _code_revision()


async def require_head(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        current, newest = await revisions(connection)
    if current != newest:
        raise SchemaNotAtHead(f"the database is at {current}, the code at {newest}: run `acme migrate`")
