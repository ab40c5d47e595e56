"""The launcher of one Valkey server."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from acme_standalone.processes.binaries import valkey_program
from acme_standalone.processes.command import Command
from acme_standalone.processes.home import kept_password, make_home, tail, trim_log, write_private
from acme_standalone.processes.leftovers import DATA_MARK, end, has_mark, working_in
from acme_standalone.processes.lock import FileLock
from acme_standalone.processes.ports import LOOPBACK, free_port

CONFIGURATION = """\
bind {address}
port {port}
requirepass {password}
dir "{data}"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
daemonize no
set-proc-title no
"""
# Its title would overwrite the environment that the process shows, and with it the mark that it is ours.


class ValkeyFailedError(RuntimeError):
    """The server did not start; the message ends with what it said."""


class EmbeddedValkey:
    """A server over `data_dir`; it dies with this process, the data stay. `port` 0 takes a free one."""

    def __init__(self, data_dir: Path, port: int = 0, *, password: str | None = None) -> None:
        self._home = Path(data_dir).resolve()
        self._data = self._home / "data"
        self._wanted_port = port
        self._wanted_password = password
        self._lock = FileLock(self._home / "launcher.lock")
        self._process: subprocess.Popen[bytes] | None = None
        self.port = port

    @property
    def log(self) -> Path:
        return self._home / "valkey.log"

    @property
    def url(self) -> str:
        return f"redis://:{self._password()}@{LOOPBACK}:{self.port}/0"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.poll() is None else None

    def prepare(self) -> Command:
        """Everything before the start: lock, leftovers, configuration. Returns what to run."""
        make_home(self._home)
        self._lock.acquire("the launcher of Valkey")
        self._data.mkdir(mode=0o700, exist_ok=True)
        trim_log(self.log)
        # Two servers appending to one file would ruin it.
        mine = [p for p in working_in(self._data, "valkey-server") if has_mark(p, DATA_MARK, str(self._home))]
        end(mine, signal.SIGTERM, 10)
        self.port = self._wanted_port or self.port or free_port()
        kept_password(self._home, self._wanted_password)
        configuration = self._home / "valkey.conf"
        write_private(configuration, self._configuration())
        environment = {"PATH": os.defpath, DATA_MARK: str(self._home)}
        return Command((str(valkey_program()), str(configuration)), environment, signal.SIGTERM)

    def is_ready(self, pid: int) -> bool:  # noqa: ARG002 - the launchers share one shape
        """True once the server has loaded its data and answers with our password."""
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password()}\r\nPING\r\nQUIT\r\n".encode())
                return b"+PONG" in b"".join(iter(lambda: connection.recv(1024), b""))
        except OSError:
            return False

    def start(self, timeout_s: float = 30) -> str:
        """Returns the URL of a server that answers. Call from the main thread."""
        if self.pid is None:
            self._process = self.prepare().spawn(self.log)
            self._wait_until_ready(self._process, time.monotonic() + timeout_s)
        return self.url

    def stop(self, timeout_s: float = 10) -> None:
        """Lets it write what it holds; kills it when that takes longer than `timeout_s`."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(5)
        self._process = None
        self._lock.release()

    def release(self) -> None:
        """For a supervisor that ran `prepare()`'s command itself and has seen it end."""
        self._lock.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _password(self) -> str:
        return kept_password(self._home)

    def _configuration(self) -> str:
        data = str(self._data).replace("\\", "\\\\").replace('"', '\\"')
        return CONFIGURATION.format(address=LOOPBACK, port=self.port, password=self._password(), data=data)

    def _wait_until_ready(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        while not self.is_ready(process.pid):
            if process.poll() is not None or time.monotonic() > deadline:
                said = tail(self.log)
                self.stop(timeout_s=1)
                raise ValkeyFailedError(f"Valkey did not start on port {self.port}. Its last words:\n{said}")
            time.sleep(0.01)
