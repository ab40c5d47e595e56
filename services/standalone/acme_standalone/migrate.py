"""`acme migrate`: migrations outside of a start."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from acme_standalone.postgres import EmbeddedPostgres
from acme_standalone.settings.secrets import Secrets
from acme_standalone.supervisor.state import DataDirectory, NotRunningError
from acme_standalone.supervisor.steps import migrate as upgrade


def migrate(data: DataDirectory) -> None:
    with _database(data) as url:
        upgrade({"DATABASE_URL": url})


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
