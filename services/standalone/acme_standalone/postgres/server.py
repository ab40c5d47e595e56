"""The launcher of one PostgreSQL server."""

import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from acme_standalone.postgres.cluster import ROLE, SUPERUSER, Cluster
from acme_standalone.postgres.postmaster import clear_leftovers, read_pid_file
from acme_standalone.postgres.sql import create_database, drop_database
from acme_standalone.processes.command import Command
from acme_standalone.processes.home import kept_password, make_home, tail, trim_log
from acme_standalone.processes.lock import FileLock
from acme_standalone.processes.ports import LOOPBACK, free_port


class PostgresFailedError(RuntimeError):
    """The server did not start; the message ends with what it said."""


class EmbeddedPostgres:
    """A server over `data_dir`; it dies with this process, the data stay.

    `port` 0 takes a free one. `is_durable=False` is for tests: faster, and a power cut loses everything.
    Not for two at once on the same folder: the second start raises AlreadyLockedError.
    """

    def __init__(
        self, data_dir: Path, port: int = 0, *, password: str | None = None, is_durable: bool = True
    ) -> None:
        self._home = Path(data_dir).resolve()
        self._cluster = Cluster(self._home)
        self._wanted_port = port
        self._wanted_password = password
        self._is_durable = is_durable
        self._lock = FileLock(self._home / "launcher.lock")
        self._process: subprocess.Popen[bytes] | None = None
        self.port = port

    @property
    def log(self) -> Path:
        return self._home / "postgres.log"

    @property
    def url(self) -> str:
        """`postgresql://` URL of the platform's database, for its role (no superuser)."""
        return self.database_url(ROLE)

    @property
    def superuser_url(self) -> str:
        return f"postgresql://{SUPERUSER}:{self._password()}@{LOOPBACK}:{self.port}/{ROLE}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.poll() is None else None

    def database_url(self, database: str) -> str:
        return f"postgresql://{ROLE}:{self._password()}@{LOOPBACK}:{self.port}/{database}"

    def prepare(self) -> Command:
        """Everything before the start: lock, leftovers, first creation. Returns what to run."""
        make_home(self._home)
        self._lock.acquire("the launcher of PostgreSQL")
        trim_log(self.log)
        is_new = not self._cluster.exists()
        known = self._password() if (self._home / "password").exists() else None
        password = self._wanted_password or known or self._password()
        if is_new:
            self._cluster.create(password)
        else:
            clear_leftovers(self._cluster)
            if password != known:
                self._cluster.set_password(password)
        kept_password(self._home, password)
        self.port = self._wanted_port or self.port or free_port()
        return self._cluster.serve(self.port, is_durable=self._is_durable)

    def is_ready(self, pid: int) -> bool:
        """True once the server with this pid takes connections (after any crash recovery)."""
        noted = read_pid_file(self._cluster)
        return noted is not None and noted.pid == pid and noted.is_ready

    def start(self, timeout_s: float = 120) -> str:
        """Returns the URL of a server that takes connections. Call from the main thread."""
        if self.pid is None:
            self._process = self.prepare().spawn(self.log)
            self._wait_until_ready(self._process, time.monotonic() + timeout_s)
        return self.url

    def stop(self, timeout_s: float = 20) -> None:
        """Fast shutdown; harder when it takes longer than `timeout_s`."""
        for how, grace_s in ((signal.SIGINT, timeout_s), (signal.SIGQUIT, 8.0), (signal.SIGKILL, 5.0)):
            if self._process is None or self._ended(self._process, how, grace_s):
                break
        self._process = None
        self._lock.release()

    def release(self) -> None:
        """For a supervisor that ran `prepare()`'s command itself and has seen it end."""
        self._lock.release()

    def create_database(self, name: str, template: str | None = None) -> str:
        """Returns the URL of a new database with pgvector, a copy of `template` when one is named."""
        create_database(self.superuser_url, name, template)
        return self.database_url(name)

    def drop_database(self, name: str) -> None:
        """Ends its sessions too; a missing database is no error."""
        drop_database(self.superuser_url, name)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _password(self) -> str:
        return kept_password(self._home)

    def _wait_until_ready(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        while not self.is_ready(process.pid):
            if process.poll() is not None or time.monotonic() > deadline:
                said = tail(self.log)
                self.stop(timeout_s=1)
                raise PostgresFailedError(
                    f"PostgreSQL did not start on port {self.port}. Its last words:\n{said}"
                )
            time.sleep(0.01)

    @staticmethod
    def _ended(process: subprocess.Popen[bytes], how: signal.Signals, grace_s: float) -> bool:
        if process.poll() is None:
            process.send_signal(how)
        try:
            process.wait(grace_s)
        except subprocess.TimeoutExpired:
            return False
        return True
