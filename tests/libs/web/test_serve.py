"""An API in several processes: one address, one count of requests, one end."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import httpx
import psutil
import pytest

from acme_standalone.processes.ports import free_port
from tests.services.harness import Platform

PATIENCE_S = 120
"""Starting takes two seconds, and much longer on a busy machine."""


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def ask(port: int, path: str) -> httpx.Response | None:
    """Over a connection of its own: the processes take turns in accepting them."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=30)
    except httpx.TransportError:
        return None


@pytest.fixture
def running(platform: Platform) -> Iterator[tuple[psutil.Process, int]]:
    port = free_port()
    environment = {**os.environ, "MAIN_PORT": str(port), "API_WORKERS": "2"}
    with subprocess.Popen([sys.executable, "-m", "acme_main"], env=environment) as process:
        try:
            first = psutil.Process(process.pid)
            wait_for(lambda: is_ready(first, port))
            yield first, port
        finally:
            process.kill()


def workers(process: psutil.Process) -> list[psutil.Process]:
    return [child for child in process.children() if "spawn_main" in " ".join(child.cmdline())]


def is_ready(process: psutil.Process, port: int) -> bool:
    answer = ask(port, "/health/ready")
    return answer is not None and answer.status_code == 200 and len(workers(process)) == 2


def test_every_process_tells_what_all_have_counted(running: tuple[psutil.Process, int]) -> None:
    _, port = running
    for _ in range(40):
        answer = ask(port, "/v1/projects")
        assert answer is not None
        assert answer.status_code == 401
    pattern = re.compile(r'^http_requests_total{.*route="/projects",status="401"} ([\d.]+)$', re.MULTILINE)
    told = [answer.text for _ in range(10) if (answer := ask(port, "/metrics")) is not None]
    assert [pattern.findall(text) for text in told] == [["40.0"]] * 10


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL], ids=lambda sign: sign.name)
def test_none_outlives_the_first(running: tuple[psutil.Process, int], sign: signal.Signals) -> None:
    process, port = running
    others = workers(process)
    process.send_signal(sign)
    wait_for(lambda: not any(other.is_running() for other in others))
    assert ask(port, "/health/live") is None
