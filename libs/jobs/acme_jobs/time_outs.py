"""Redis is given up that does not answer, and no cancellation is lost over it.

redis-py's own `socket_timeout` sends by `asyncio.wait_for`, which before Python 3.12 forgets a cancellation
that comes as the sending ends: a job or a request that is broken off would go on.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import TimeoutError as NotAnsweredError

from acme_jobs.addresses import sentinels_of


def give_up_after(pool: ConnectionPool, seconds: float) -> None:
    """Connections that are opened from now on raise redis-py's `TimeoutError`; those to its sentinels too."""
    for each in (pool, *(sentinel.connection_pool for sentinel in sentinels_of(pool))):
        kind = each.connection_class
        each.connection_class = type(
            f"Answering{kind.__name__}", (_Answering, kind), {"answer_within_s": seconds}
        )


class _Answering(AbstractConnection):
    answer_within_s: float

    async def send_packed_command(self, *command: Any, **options: Any) -> None:
        async with self._in_time():
            await super().send_packed_command(*command, **options)

    async def read_response(self, *decoding: Any, **options: Any) -> Any:
        """Whoever names a time of their own, as subscribers do, waits for as long."""
        if options.get("timeout") is not None:
            return await super().read_response(*decoding, **options)
        async with self._in_time():
            return await super().read_response(*decoding, **options)

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self.answer_within_s):
                yield
        except TimeoutError:
            raise NotAnsweredError(f"Redis did not answer within {self.answer_within_s:g} s") from None
