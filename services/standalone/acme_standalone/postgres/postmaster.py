"""The server's own note about itself (`postmaster.pid`), and the processes that really are there."""

import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from acme_standalone.postgres.cluster import Cluster
from acme_standalone.processes.home import DataUnusableError
from acme_standalone.processes.leftovers import DATA_MARK, end, has_mark, outlasting, working_in

OWN_END_S = 3.0
DEATH_GRACE_S = 8.0
"""PostgreSQL kills its own processes 5 s after SIGQUIT."""


@dataclass(frozen=True)
class PidFile:
    """Lines: pid, data directory, start time, port, socket folder, address, shared memory, status."""

    pid: int
    status: str

    @property
    def is_ready(self) -> bool:
        return self.status == "ready"


def read_pid_file(cluster: Cluster) -> PidFile | None:
    with suppress(OSError, ValueError, IndexError):
        lines = _path(cluster).read_text().splitlines()
        return PidFile(int(lines[0]), lines[7].strip())
    return None


def clear_leftovers(cluster: Cluster) -> None:
    """Makes the cluster startable after its last launcher was killed; the caller holds the launcher's lock.

    A pid alone proves nothing (they are reused): what counts is the program's name, its working directory and
    the mark in its environment. Raises DataUnusableError for a server that somebody else started.
    """
    processes = working_in(cluster.files, "postgres")
    server = _server_among(processes)
    if server is not None:
        if not has_mark(server, DATA_MARK, str(cluster.home)):
            raise DataUnusableError(
                f"Another PostgreSQL (pid {server.pid}) runs on {cluster.files}; it was not started by this "
                f"program. Stop it first: kill -INT {server.pid}"
            )
        end([server], signal.SIGQUIT, DEATH_GRACE_S)
    _outlive(cluster)
    _path(cluster).unlink(missing_ok=True)


def _server_among(processes: list[psutil.Process]) -> psutil.Process | None:
    pids = {process.pid for process in processes}
    return next((p for p in processes if _parent(p) not in pids and _leads_its_group(p)), None)


def _leads_its_group(process: psutil.Process) -> bool:
    """Tells the server from a session whose server is dead: only the server's command line is its own."""
    with suppress(psutil.Error):
        return not process.cmdline()[0].startswith("postgres:")
    return False


def _parent(process: psutil.Process) -> int | None:
    with suppress(psutil.Error):
        return int(process.ppid())
    return None


def _outlive(cluster: Cluster) -> None:
    """Sessions end by themselves when their server is dead, except in the middle of a long computation."""
    end(outlasting(working_in(cluster.files, "postgres"), OWN_END_S), signal.SIGQUIT, 2)


def _path(cluster: Cluster) -> Path:
    return cluster.files / "postmaster.pid"
