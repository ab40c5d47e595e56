"""Keeps all workers together within the provider's quota, in Redis, whose clock and order are one for all."""

import asyncio

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from acme_jobs.contracts import NotNowError

log = structlog.get_logger()

LONGEST_WAIT_S = 20.0
"""A longer queue is waited for in the outbox, where it holds no worker."""

# A bucket of one token, as the instant of the next one: turns are given in the order in which they were asked
# for, evenly, so that no second ever holds more than the quota. What would come too late is not taken.
_TURN = """
local at = redis.call('TIME')
local now = at[1] + at[2] / 1000000
local interval, longest = tonumber(ARGV[1]), tonumber(ARGV[2])
local next = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = next - now
if wait > longest then
  return {0, tostring(wait)}
end
local expiry = math.ceil((wait + interval) * 1000) + 1000
redis.call('SET', KEYS[1], string.format('%.6f', next + interval), 'PX', expiry)
return {1, tostring(wait)}
"""


class SharedPace:
    """A bucket for each operation, as AWS counts them."""

    def __init__(self, redis: Redis, calls_per_s: float, *, longest_wait_s: float = LONGEST_WAIT_S) -> None:
        self._turn = redis.register_script(_TURN)
        self._interval_s = 1.0 / calls_per_s
        self._longest_wait_s = longest_wait_s

    async def turn(self, operation: str) -> None:
        """Raises `NotNowError` when too many wait already: the job comes back, and the worker is free."""
        try:
            taken, wait = await self._turn(
                keys=[f"acme:pace:rekognition:{operation}"],
                args=[self._interval_s, self._longest_wait_s],
            )
        except RedisError as error:
            raise NotNowError(self._longest_wait_s) from error
        if not int(taken):
            log.info("provider_call_put_off", operation=operation, wait_s=round(float(wait), 1))
            raise NotNowError(float(wait))
        await asyncio.sleep(float(wait))
