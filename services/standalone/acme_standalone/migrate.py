"""`acme migrate`: migrations outside of a start."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import SecretStr

from acme_config.settings import DatabaseSettings
from acme_db.engine import create_engine
from acme_db.schema_version import pending
from acme_standalone.postgres import EmbeddedPostgres
from acme_standalone.settings.secrets import Secrets
from acme_standalone.supervisor.state import DataDirectory, NotRunningError
from acme_standalone.supervisor.steps import migrate as upgrade


def migrate(data: DataDirectory) -> None:
    with _database(data) as url:
        upgrade({"DATABASE_URL": url})


def check(data: DataDirectory) -> list[str]:
    """The migrations that the database has not had yet. Raises `SchemaNotAtHead` where it has had others."""
    with _database(data) as url:
        return asyncio.run(_pending(url))


async def _pending(url: str) -> list[str]:
    engine = create_engine(DatabaseSettings(DATABASE_URL=SecretStr(url)), application_name="migrate")
    try:
        return await pending(engine)
    finally:
        await engine.dispose()


@contextmanager
def _database(data: DataDirectory) -> Iterator[str]:
    """The one that is configured, the running platform's, or the embedded one started for the moment."""
    if configured := os.environ.get("DATABASE_URL"):
        yield configured
        return
    try:
        yield data.running_environment()["DATABASE_URL"]
    except NotRunningError:
        data.create()
        password = Secrets.kept_in(data.path).database_password
        with EmbeddedPostgres(data.path / "postgres", password=password) as server:
            yield server.url
