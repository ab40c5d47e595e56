"""One process of the platform, or one step that must succeed before others start."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from acme_standalone.processes.command import Command


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
    release: Callable[[], None] | None = None
    """Called when the unit has been stopped for good."""


def answers(url: str) -> Callable[[int], Awaitable[bool]]:
    """Ready when the URL answers 200."""

    async def check(_pid: int) -> bool:
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
                return (await client.get(url)).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    return check


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
