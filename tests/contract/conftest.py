"""The three services as processes of their own, and somebody signed in for each role."""

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import httpx
import pytest

from acme_standalone.processes.ports import free_port
from tests.contract.world import World, new_world
from tests.services.harness import Platform

SERVICES = ("backoffice", "main", "media")


@dataclass(frozen=True)
class Served(World):
    urls: dict[str, str]


@contextmanager
def _serving(service: str) -> Iterator[str]:
    port = free_port()
    environment = {**os.environ, f"{service.upper()}_PORT": str(port), "LOG_LEVEL": "ERROR"}
    process = subprocess.Popen([sys.executable, "-m", f"acme_{service}"], env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        _await_ready(process, url)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _await_ready(process: "subprocess.Popen[bytes]", url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the service has ended"
        try:
            if httpx.get(f"{url}/health/ready").is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise TimeoutError(url)


@pytest.fixture(scope="session")
async def served(platform: Platform) -> AsyncIterator[Served]:
    world = await new_world(platform, 4711)
    with ExitStack() as stack:
        urls = {service: stack.enter_context(_serving(service)) for service in SERVICES}
        yield Served(world.people, world.media_token, world.ids, urls)
