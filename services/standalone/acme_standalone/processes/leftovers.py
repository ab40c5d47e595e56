"""Finding the processes that an earlier, killed launcher left behind, and nobody else's."""

import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil

DATA_MARK = "ACME_EMBEDDED_DATA"
"""The environment variable that says on which folder an embedded server was started."""
RUN_MARK = "ACME_RUN_ID"
"""The environment variable that every process of one run of the platform carries."""
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
    _, alive = psutil.wait_procs(asked, timeout=grace_s)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=5)
