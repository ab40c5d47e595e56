"""How often one address, and one account, may ask for what is dear or can be guessed.

Two hundred guests in one hall share an address: what is counted by address alone is wide enough for a hall,
what is counted by address and account together is narrow. A route names its limit, so that all others pay no
round trip for it. Without Redis everybody is let in: keeping guests out of their own event were worse.
"""

import hashlib
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Annotated, NoReturn
from uuid import UUID

import structlog
from fastapi import Depends, Request
from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter

from acme_config.settings import RateLimitSettings, RedisSettings
from acme_core.errors import AppError, Unauthorized
from acme_jobs.addresses import close_pool
from acme_jobs.queue import QueueError, limits_pool
from acme_web.dependencies import CurrentMediaUser, CurrentUser

log = structlog.get_logger()

ANSWER_WITHIN_S = 0.5
"""Redis is next door; who waits longer for it is let in."""


class TooManyRequests(AppError):
    code = "too_many_requests"
    status = 429
    title = "Too many requests of this kind; wait before the next one"


class Limited(StrEnum):
    """What is limited, by the name of its settings."""

    LOGIN = "login"
    REGISTER = "register"
    RESET = "reset"
    JOIN = "join"
    SELFIE = "selfie"


@dataclass(frozen=True)
class RateLimits:
    settings: RateLimitSettings
    limiter: FixedWindowRateLimiter

    async def count(self, what: Limited, kind: str, *whose: str) -> None:
        """Raises `TooManyRequests` over the limit."""
        item = self._item(what, kind)
        with _optional(what):
            if item and not await self.limiter.hit(item, what, kind, _digest(whose)):
                await self._refuse(item, what, kind, _digest(whose))

    async def require_room(self, what: Limited, kind: str, *whose: str) -> None:
        """Without counting. Raises `TooManyRequests` when the limit is reached."""
        item = self._item(what, kind)
        with _optional(what):
            if item and not await self.limiter.test(item, what, kind, _digest(whose)):
                await self._refuse(item, what, kind, _digest(whose))

    def _item(self, what: Limited, kind: str) -> RateLimitItem | None:
        text: str = getattr(self.settings, f"{what}_per_{kind}")
        return None if text == "off" else parse(text)

    async def _refuse(self, item: RateLimitItem, *names: str) -> NoReturn:
        window = await self.limiter.get_window_stats(item, *names)
        wait_s = max(1, ceil(window.reset_time - time.time()))
        raise TooManyRequests(headers={"Retry-After": str(wait_s)})


@asynccontextmanager
async def open_limits(settings: RateLimitSettings, redis: RedisSettings) -> AsyncIterator[RateLimits]:
    """Connects at the first use."""
    pool = limits_pool(redis, ANSWER_WITHIN_S)
    uri = redis.url.get_secret_value()
    storage = RedisStorage(uri, implementation="redispy", key_prefix="acme:limits", connection_pool=pool)  # type: ignore[arg-type] # it takes one, says its documentation
    try:
        yield RateLimits(settings, FixedWindowRateLimiter(storage))
    finally:
        await close_pool(pool)


@contextmanager
def _optional(what: Limited) -> Iterator[None]:
    try:
        yield
    except (QueueError, OSError) as error:
        log.warning("rate_limit_unavailable", limit=what, error=type(error).__name__)


def _digest(whose: tuple[str, ...]) -> str:
    """Neither addresses nor accounts stand in Redis."""
    return hashlib.sha256("\0".join(whose).encode()).hexdigest()[:32]


async def _limits(request: Request) -> RateLimits:
    limits: RateLimits = request.app.state.limits
    return limits


Limits = Annotated[RateLimits, Depends(_limits)]


async def _registering(request: Request, limits: Limits) -> None:
    await limits.count(Limited.REGISTER, "address", _address(request))


async def _resetting(request: Request, limits: Limits) -> None:
    await limits.count(Limited.RESET, "address", _address(request))


async def _forgetting(request: Request, limits: Limits) -> None:
    """By the address that was typed, whether or not there is such an account."""
    await limits.count(Limited.RESET, "address", _address(request))
    await limits.count(Limited.RESET, "account", _address(request), await _email(request))


async def _verifying(limits: Limits, caller: CurrentUser) -> None:
    """A mail each, as a forgotten password is."""
    await limits.count(Limited.RESET, "account", str(caller.account_id))


async def _joining(limits: Limits, caller: CurrentUser) -> None:
    await limits.count(Limited.JOIN, "account", str(caller.account_id))


async def _sending_selfie(limits: Limits, caller: CurrentMediaUser) -> None:
    await limits.count(Limited.SELFIE, "account", str(caller.account_id))


async def count_selfie(limits: RateLimits, project_ids: Iterable[UUID]) -> None:
    """Against each event that its sender has joined. Raises `TooManyRequests`."""
    for project_id in project_ids:
        await limits.count(Limited.SELFIE, "event", str(project_id))


async def _signing_in(request: Request, limits: Limits) -> AsyncIterator[None]:
    """Counts what failed. Those tried at once may go a few over the limit."""
    address, email = _address(request), await _email(request)
    await limits.require_room(Limited.LOGIN, "address", address)
    await limits.require_room(Limited.LOGIN, "account", address, email)
    try:
        yield
    except Unauthorized:
        with suppress(TooManyRequests):  # this one is answered for what it is
            await limits.count(Limited.LOGIN, "address", address)
            await limits.count(Limited.LOGIN, "account", address, email)
        raise


REGISTER_LIMIT, RESET_LIMIT = Depends(_registering), Depends(_resetting)
FORGOT_LIMIT, LOGIN_LIMIT = Depends(_forgetting), Depends(_signing_in, scope="function")
JOIN_LIMIT, SELFIE_LIMIT = Depends(_joining), Depends(_sending_selfie)
VERIFICATION_LIMIT = Depends(_verifying)


def _address(request: Request) -> str:
    """The client's, as the trusted proxy tells it."""
    return request.client.host if request.client else ""


async def _email(request: Request) -> str:
    """As accounts have it. What is no body of a sign-in is refused elsewhere."""
    try:
        body = await request.json()
    except (ValueError, RecursionError):
        return ""
    email = body.get("email") if isinstance(body, dict) else None
    return email.strip().lower() if isinstance(email, str) else ""
