"""Guessing passwords gets slower: after a few failures an address has to wait, longer each time.

Counted by the address that was typed, whether or not there is such an account: nothing is given away.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from acme_auth.principals import Audience
from acme_core.errors import AppError
from acme_jobs.queue import QueueConnection, QueueError

log = structlog.get_logger()

FREE_FAILURES = 5
FIRST_WAIT_S, LONGEST_WAIT_S = 2, 900
FORGOTTEN_AFTER_S = 24 * 3600


class TooManyAttempts(AppError):
    code = "too_many_attempts"
    status = 429
    title = "Too many failed sign-ins; wait before the next one"


class Lockout:
    def __init__(self, redis: QueueConnection, audience: Audience, email: str) -> None:
        self._redis = redis
        digest = hashlib.sha256(email.encode()).hexdigest()[:32]
        self._failures = f"acme:lockout:{audience}:{digest}:failures"
        self._wait = f"acme:lockout:{audience}:{digest}:wait"

    async def require_open(self) -> None:
        """Raises `TooManyAttempts`, whatever the password would have been."""
        wait_ms = 0
        with _optional():
            wait_ms = await self._redis.pttl(self._wait)
        if wait_ms > 0:
            raise TooManyAttempts(headers={"Retry-After": str(wait_ms // 1000 + 1)})

    async def failed(self) -> None:
        with _optional():
            failures = await self._redis.incr(self._failures)
            await self._redis.expire(self._failures, FORGOTTEN_AFTER_S)
            if failures >= FREE_FAILURES:
                await self._redis.set(self._wait, "1", ex=wait_s(failures))

    async def succeeded(self) -> None:
        with _optional():
            await self._redis.delete(self._failures, self._wait)


@contextmanager
def _optional() -> Iterator[None]:
    """Without Redis people sign in all the same; the passwords are slow to try by themselves."""
    try:
        yield
    except (QueueError, OSError) as error:
        log.warning("lockout_unavailable", error=type(error).__name__)


def wait_s(failures: int) -> int:
    """2 seconds after the fifth failure, doubling to a quarter of an hour."""
    if failures < FREE_FAILURES:
        return 0
    return int(min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(failures - FREE_FAILURES, 20)))
