import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from passlib.hash import bcrypt

from acme_core.errors import Invalid

T = TypeVar("T")

MAX_BYTES = 72
"""bcrypt reads no further; a longer password would silently be a shorter one."""
MIN_LENGTH = 8
UNUSABLE = "!"
"""A stored hash that no password matches."""


class PasswordTooLong(Invalid):
    code = "password_too_long"
    title = f"The password is longer than {MAX_BYTES} bytes"


NICE = 10
"""A ninth of the share of whoever else wants the core: late, but never starved."""


class PasswordHasher:
    """bcrypt in a bounded thread pool: it takes a quarter of a second of one core and frees the GIL.

    As many threads as cores, so that sign-ins get all that nobody else wants; but they step back behind the
    thread that answers requests, for which a turn of theirs would be a long wait (docs/decisions/0016).
    """

    def __init__(self, rounds: int) -> None:
        self._bcrypt = bcrypt.using(rounds=rounds)
        self._pool = ThreadPoolExecutor(os.cpu_count() or 2, "bcrypt", initializer=_step_back)
        self._decoy: str | None = None
        self._making_decoy = asyncio.Lock()

    async def hash(self, password: str) -> str:
        """Raises `PasswordTooLong`."""
        if len(password.encode()) > MAX_BYTES:
            raise PasswordTooLong
        return await self._run(partial(self._bcrypt.hash, password))

    async def verify(self, password: str, hashed: str | None) -> bool:
        """False for a missing or unusable hash too, after the same time: it tells nothing of accounts."""
        async with self._making_decoy:  # once, however many sign in at the start
            if self._decoy is None:
                self._decoy = await self._run(partial(self._bcrypt.hash, "decoy"))
        is_usable = hashed is not None and hashed != UNUSABLE
        candidate = password if len(password.encode()) <= MAX_BYTES and "\0" not in password else ""
        target = hashed if is_usable else self._decoy
        matches = await self._run(partial(self._bcrypt.verify, candidate, target))
        return bool(matches) and is_usable and candidate == password

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)


def _step_back() -> None:
    """Linux gives each thread a priority of its own; elsewhere it would be the whole process's."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
