"""Finding the processes that an earlier, killed launcher left behind, and nobody else's."""

import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil

DATA_MARK = "ACME_EMBEDDED_DATA"
"""The environment variable that says on which folder an embedded server was started."""
RUN_MARK = "ACME_RUN_ID"
"""The environment variable that every process of one run of the platform carries."""
SERVERS_END_S = 5.0
"""What the database and the queue get to end in order."""
UNREADABLE = (psutil.Error, OSError)
"""Processes that vanish, are zombies or belong to others: none of them is ours."""


def has_mark(process: psutil.Process, name: str, value: str) -> bool:
    """Reads the environment that the process was started with: a proof that a reused pid cannot give."""
    return _start_environment(process).get(name) == value


def has_any(process: psutil.Process, name: str) -> bool:
    return name in _start_environment(process)


def _start_environment(process: psutil.Process) -> dict[str, str]:
    with suppress(*UNREADABLE):
        return dict(process.environ())
    return {}


def marked(name: str, value: str) -> list[psutil.Process]:
    return [process for process in psutil.process_iter() if has_mark(process, name, value)]


def working_in(folder: Path, program: str) -> list[psutil.Process]:
    """The processes called `program` whose working directory is `folder`.

    PostgreSQL and Valkey both change into their data directory, and keep no other.
    """
    found = []
    for process in psutil.process_iter():
        with suppress(*UNREADABLE):
            if process.name() == program and process.cwd() == str(folder):
                found.append(process)
    return found


def end(processes: Iterable[psutil.Process], how: signal.Signals | None, grace_s: float) -> None:
    """Sends `how` (None: nothing), waits, then kills what is left. psutil refuses to signal a reused pid."""
    asked = list(processes)
    if how is not None:
        for process in asked:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(how)
    alive = outlasting(asked, grace_s)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    outlasting(alive, 5)


def end_run(run_id: str) -> None:
    """Ends all that a run of the platform left: its supervisor is dead."""
    left = marked(RUN_MARK, run_id)
    servers = [process for process in left if has_any(process, DATA_MARK)]
    end((process for process in left if process not in servers), signal.SIGKILL, SERVERS_END_S)
    # They have had their death signals on Linux; a second one would cut their good end short.
    end(servers, None if sys.platform == "linux" else signal.SIGTERM, SERVERS_END_S)


def outlasting(processes: Iterable[psutil.Process], grace_s: float) -> list[psutil.Process]:
    """Waits until all have ended and returns those that have not.

    A zombie has ended: those of a killed launcher wait for init, and some inits are slow.
    """
    deadline = time.monotonic() + grace_s
    alive = [process for process in processes if _is_alive(process)]
    while alive and time.monotonic() < deadline:
        time.sleep(0.02)
        alive = [process for process in alive if _is_alive(process)]
    return alive


def _is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
