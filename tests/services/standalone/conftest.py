import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

RunPython = Callable[..., subprocess.CompletedProcess[str]]
WaitFor = Callable[[Callable[[], bool]], None]
StartScript = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="session")
def wait_for() -> WaitFor:
    """Fails the test when the condition does not hold within 60 s, which a busy machine may need."""

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, "the condition did not come true"
            time.sleep(0.02)

    return wait


@pytest.fixture(scope="module")
def start_script() -> Iterator[StartScript]:
    """Starts a Python process and makes sure that it is gone afterwards."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


@pytest.fixture(scope="session")
def run_python() -> RunPython:
    """Runs a Python process to its end; the keywords are added to its environment."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def processes_with() -> Callable[[str], list[psutil.Process]]:
    """The living processes whose command line, environment or working directory names `text`."""

    def find(text: str) -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if _mentions(process, text)]

    return find


def _mentions(process: psutil.Process, text: str) -> bool:
    with suppress(psutil.Error, OSError):
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return False
        told = [*process.cmdline(), process.cwd(), *process.environ().values()]
        return any(text in part for part in told)
    return False


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process of somebody else, as the same user that the database runs as."""
    user = "nobody" if os.geteuid() == 0 else None
    process = subprocess.Popen(["/bin/sleep", "600"], user=user)
    yield process
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="session")
def toy_platform() -> Path:
    return Path(__file__).with_name("toy_platform.py")
