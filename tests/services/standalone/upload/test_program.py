"""The command as a process, on real servers."""

import asyncio
import os
import re
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.services.harness import PASSWORD, picture
from tests.services.standalone.upload.conftest import Desk, digests

COUNT = 12


@dataclass
class Gate:
    """Lets some completions through, and keeps the others until it is opened."""

    app: ASGIApp
    left: int = 5
    is_open: asyncio.Event = field(default_factory=asyncio.Event)
    is_reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].endswith("/complete"):
            self.left -= 1
            if self.left < 0 and not self.is_open.is_set():
                self.is_reached.set()
                await self.is_open.wait()
        await self.app(scope, receive, send)


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, lifespan="off", log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listener]))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await serving


@pytest.fixture
def gate(desk: Desk) -> Gate:
    return Gate(desk.event.platform.apps["media"])


@pytest.fixture
async def variables(desk: Desk, gate: Gate) -> AsyncIterator[dict[str, str]]:
    async with served(desk.event.platform.apps["backoffice"]) as backoffice, served(gate) as media:
        yield {**os.environ, "BACKOFFICE_API_URL": backoffice, "MEDIA_API_URL": media, "COLUMNS": "200"}


async def start(desk: Desk, variables: dict[str, str], *more: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "acme_standalone", "upload", str(desk.folder)),
        *("--project", desk.event.project_id, "--email", desk.event.photographer.account["email"]),
        *("--wait", "0", *more),
        env=variables,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )


def fill(desk: Desk) -> list[str]:
    bodies = [picture(seed, (320, 240)) for seed in range(COUNT)]
    for number, body in enumerate(bodies):
        desk.put(f"{number}.jpg", body)
    return digests(*bodies)


async def test_a_killed_upload_goes_on_without_a_duplicate(
    desk: Desk, gate: Gate, variables: dict[str, str]
) -> None:
    expected = fill(desk)
    variables["ACME_PASSWORD"] = PASSWORD
    killed = await start(desk, variables)
    await asyncio.wait_for(gate.is_reached.wait(), 30)
    killed.send_signal(signal.SIGKILL)
    await killed.communicate()
    assert 0 < len(await desk.held()) < COUNT
    gate.is_open.set()
    again = await start(desk, variables)
    output, _ = await again.communicate()
    assert again.returncode == 0, output
    assert b"already there" in output
    assert await desk.held() == expected
    assert len(await desk.photos()) == COUNT


async def test_ctrl_c_ends_with_a_word_and_status_130(
    desk: Desk, gate: Gate, variables: dict[str, str]
) -> None:
    fill(desk)
    variables["ACME_PASSWORD"] = PASSWORD
    running = await start(desk, variables)
    await asyncio.wait_for(gate.is_reached.wait(), 30)
    running.send_signal(signal.SIGINT)
    output, errors = await running.communicate()
    gate.is_open.set()
    assert (running.returncode, errors) == (130, b"")
    assert re.search(rb"\d sent\nInterrupted. The same command goes on where it was.\n$", output), output


async def test_the_password_comes_from_standard_input(
    desk: Desk, gate: Gate, variables: dict[str, str]
) -> None:
    gate.is_open.set()
    expected = fill(desk)
    variables.pop("ACME_PASSWORD", None)
    silent = await start(desk, variables)
    _, errors = await silent.communicate()
    assert (silent.returncode, b"--password-stdin" in errors) == (2, True)
    asked = await start(desk, variables, "--password-stdin")
    output, _ = await asked.communicate(PASSWORD.encode() + b"\n")
    assert asked.returncode == 0, output
    assert await desk.held() == expected


async def test_a_wrong_option_is_told_with_status_2(desk: Desk, variables: dict[str, str]) -> None:
    variables["MEDIA_API_URL"] = "localhost:3003"
    running = await start(desk, variables)
    _, errors = await running.communicate()
    assert running.returncode == 2
    assert b"no http(s) address" in errors
