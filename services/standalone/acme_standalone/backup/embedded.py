"""The embedded parts of a data directory: started for a backup or a restore, and what only they have."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from acme_standalone.postgres import EmbeddedPostgres
from acme_standalone.processes.command import Command
from acme_standalone.processes.ports import LOOPBACK
from acme_standalone.settings.environment import compose_environment
from acme_standalone.settings.ports import Ports
from acme_standalone.settings.secrets import Secrets
from acme_standalone.supervisor.state import DataDirectory, NotRunningError
from acme_standalone.supervisor.unit import answers

START_S = 60
SECRETS, PAYMENTS = Path("secrets.json"), Path("stripe") / "stripe.sqlite"


class PartFailedError(RuntimeError):
    """An embedded part did not start."""


@contextmanager
def parts_of(data: DataDirectory) -> Iterator[Path | None]:
    """Names a database and an object store in the environment: configured, running, or started for this.

    Yields the data directory whose own files belong to a backup; None for configured parts.
    """
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    try:
        os.environ.update(data.running_environment())
        yield data.path
    except NotRunningError:
        with _started(data):
            yield data.path


def keep_files(data: Path, folder: Path) -> None:
    """Without the secrets no second factor can be read; without the payments no purchase looked up."""
    folder.mkdir(mode=0o700, exist_ok=True)
    shutil.copy(data / SECRETS, folder / SECRETS.name)
    if not (data / PAYMENTS).exists():
        return
    with (
        closing(sqlite3.connect(data / PAYMENTS)) as live,
        closing(sqlite3.connect(folder / PAYMENTS.name)) as copy,
    ):
        live.backup(copy)


def put_files_back(folder: Path, data: Path) -> None:
    """Before anything is started: what is made at a first start must be made with these secrets."""
    for kept in (SECRETS, PAYMENTS):
        source, target = folder / kept.name, data / kept
        if source.exists() and not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy(source, target)


@contextmanager
def _started(data: DataDirectory) -> Iterator[None]:
    data.create()
    lock = data.lock({})
    try:
        secrets = Secrets.kept_in(data.path)
        ports = Ports.chosen({}, [f"{name}=0" for name in Ports.names()])
        environment = compose_environment(data.path, ports, secrets, dict(os.environ))
        with (
            EmbeddedPostgres(data.path / "postgres", ports.database, password=secrets.database_password),
            _object_store(data, ports, environment),
        ):
            os.environ.update(environment)
            yield
    finally:
        lock.release()


@contextmanager
def _object_store(data: DataDirectory, ports: Ports, environment: dict[str, str]) -> Iterator[None]:
    argv = (sys.executable, "-m", "acme_standalone.objectstore", "--data-dir", str(data.path / "objects"))
    command = Command((*argv, "--host", LOOPBACK, "--port", str(ports.s3)), {**os.environ, **environment})
    process = command.spawn(data.logs / "objectstore.log")
    try:
        _wait_for(process, f"http://{LOOPBACK}:{ports.s3}/-/health")
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    is_up = answers(url)

    async def ask() -> bool:
        return await is_up(process.pid)

    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if asyncio.run(ask()):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise PartFailedError(f"{url} does not answer")
