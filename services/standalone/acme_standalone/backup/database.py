"""PostgreSQL's own dump and restore: the wheel's, for a machine's may be older than its server."""

import os
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

from acme_standalone.processes.binaries import postgres_program


class DatabaseToolError(RuntimeError):
    """pg_dump or pg_restore refused; the message is its own."""


def dump(database_url: str, target: Path) -> None:
    """One snapshot, in PostgreSQL's own compressed format. The queue of the outbox is in it."""
    unfinished = target.with_suffix(".unfinished")
    _run("pg_dump", database_url, "--format=custom", "--no-owner", "--no-comments", f"--file={unfinished}")
    unfinished.replace(target)


def restore(database_url: str, source: Path) -> None:
    """Into an empty database: all of it or nothing."""
    _run(
        "pg_restore",
        database_url,
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        str(source),
    )


def _run(program: str, database_url: str, *arguments: str) -> None:
    """The password goes by the environment: everybody can read a command line."""
    url = urlsplit(database_url)
    environment = {**os.environ, "PGPASSWORD": unquote(url.password or "")}
    target = (
        f"--host={url.hostname}",
        f"--port={url.port or 5432}",
        f"--username={unquote(url.username or '')}",
        f"--dbname={url.path.lstrip('/')}",
        "--no-password",
    )
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program
        [str(postgres_program(program)), *target, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DatabaseToolError(f"{program}: {done.stderr.strip()}")
