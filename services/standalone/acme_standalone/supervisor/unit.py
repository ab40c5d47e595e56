"""One process of the platform, or one step that must succeed before others start."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from acme_standalone.processes.command import Command

ANSWER_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Unit:
    name: str
    prepare: Callable[[], Command]
    """Runs in a thread before each start; may take its time."""
    is_ready: Callable[[int], Awaitable[bool]]
    """Asked with the pid until it says yes. For a step nobody asks: it is ready when it has ended well."""
    after: tuple[str, ...] = ()
    """Names of the units that must be ready first."""
    is_step: bool = False
    stop_signal: signal.Signals = signal.SIGTERM
    stop_grace_s: float = 15.0
    start_timeout_s: float = 90.0
    port: int | None = None
    """Held open for as long as the unit is kept: who connects while its process is replaced, waits."""
    release: Callable[[], None] | None = None
    """Called when the unit has been stopped for good."""


def answers(url: str) -> Callable[[int], Awaitable[bool]]:
    """Ready when the `http://` URL answers 200."""
    target = urlsplit(url)

    async def check(_pid: int) -> bool:
        try:
            return await asyncio.wait_for(_is_ok(target), ANSWER_TIMEOUT_S)
        except (OSError, TimeoutError, ValueError):
            return False

    return check


async def _is_ok(target: SplitResult) -> bool:
    """By hand: a client library takes longer to load and to set up than the services to answer."""
    reader, writer = await asyncio.open_connection(target.hostname, target.port)
    try:
        writer.write(
            f"GET {target.path} HTTP/1.1\r\nHost: {target.netloc}\r\nConnection: close\r\n\r\n".encode()
        )
        return b" 200 " in await reader.readline()
    finally:
        writer.close()


def lives_for(seconds: float) -> Callable[[int], Awaitable[bool]]:
    """Ready when the process has lived that long: for workers, which nobody can ask."""

    async def check(_pid: int) -> bool:
        await asyncio.sleep(seconds)
        return True

    return check


def in_thread(check: Callable[[int], bool]) -> Callable[[int], Awaitable[bool]]:
    async def ask(pid: int) -> bool:
        return await asyncio.to_thread(check, pid)

    return ask
