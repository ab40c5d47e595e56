"""An API in several processes, beside or after each other: one address, one count of requests, one end."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Flag

import httpx
import psutil
import pytest

from acme_config.handover import LISTEN_FD
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


def on(held: socket.socket, processes: int) -> subprocess.Popen[bytes]:
    number = held.fileno()
    environment = {**os.environ, LISTEN_FD: str(number), "API_WORKERS": str(processes)}
    return subprocess.Popen([sys.executable, "-m", "acme_main"], env=environment, pass_fds=(number,))


def keep_asking(port: int, over: Flag) -> Counter[str]:
    """As a balancer does, over connections that are kept; none of its requests is sent twice."""
    heard: Counter[str] = Counter()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_S) as client:
        while not over.is_set():
            try:
                heard[str(client.get("/v1/projects").status_code)] += 1
            except httpx.TransportError as error:
                heard[type(error).__name__] += 1
    return heard


@pytest.mark.parametrize("processes", [1, 2])
def test_who_asks_while_an_api_is_replaced_is_answered_by_the_next(
    platform: Platform, processes: int
) -> None:
    over = Flag()
    with socket.create_server(("127.0.0.1", 0)) as held, ThreadPoolExecutor(4) as pool:
        port = held.getsockname()[1]
        process = on(held, processes)
        try:
            wait_for(lambda: ask(port, "/health/ready") is not None)
            asking = [pool.submit(keep_asking, port, over) for _ in range(4)]
            for _ in range(2):
                process.send_signal(signal.SIGTERM)
                assert process.wait(30) in {0, -signal.SIGTERM}
                process = on(held, processes)
                wait_for(lambda: ask(port, "/health/ready") is not None)
            over.set()
            assert {status for each in asking for status in each.result()} == {"401"}
        finally:
            over.set()
            process.terminate()
            process.wait(30)
