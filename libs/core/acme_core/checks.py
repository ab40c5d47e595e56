"""Whether something that is depended on answers, and how soon."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

Check = Callable[[], Awaitable[object]]
"""Raises when what it looks at is not well."""

TIMEOUT_S = 3.0


class State(StrEnum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True)
class Checked:
    state: State
    latency_ms: float


async def check_all(checks: Mapping[str, Check]) -> dict[str, Checked]:
    """All at once; none takes longer than `TIMEOUT_S`."""
    found = await asyncio.gather(*(_checked(check) for check in checks.values()))
    return dict(zip(checks, found, strict=True))


async def _checked(check: Check) -> Checked:
    started, state = time.perf_counter(), State.DOWN
    try:
        async with asyncio.timeout(TIMEOUT_S):
            await check()
        state = State.UP
    except Exception:  # noqa: S110 - that it is down is the answer
        pass
    return Checked(state, round((time.perf_counter() - started) * 1000, 1))
