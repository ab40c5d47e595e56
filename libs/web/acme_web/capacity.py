"""How much work may wait before no more of it is taken on.

Asked where work is accepted that can wait outside: uploads, selfies, archives. Never of payments and of
erasures, which cannot, nor of what follows from work that was accepted.
"""

import asyncio
import time
from collections import defaultdict
from typing import Annotated, Any

import structlog
from fastapi import Depends, Request
from starlette.datastructures import State

from acme_config.jobs import QueueName
from acme_core.errors import Unavailable
from acme_jobs.queue import QueueConnection, QueueError, waiting_jobs

log = structlog.get_logger()

LOOK_EVERY_S = 1.0
"""A hall that uploads asks Redis once a second, not once a photo."""
ANSWER_WITHIN_S = 0.5
RETRY_AFTER_S = 30


class PlatformFull(Unavailable):
    code = "platform_full"
    title = "More work waits than is taken on; try again in a while"


class Capacity:
    def __init__(self, redis: QueueConnection, most: int) -> None:
        """`most` jobs may wait in a queue."""
        self._redis = redis
        self._most = most
        self._waiting: dict[QueueName, int] = defaultdict(int)
        self._looked_at: dict[QueueName, float] = {}

    async def require_room(self, *queues: QueueName) -> None:
        """Raises `PlatformFull`."""
        if not await self.has_room(*queues):
            raise PlatformFull(headers={"Retry-After": str(RETRY_AFTER_S)})

    async def has_room(self, *queues: QueueName) -> bool:
        """As far as is known: without Redis everything is taken on, for jobs wait in the database."""
        for queue in queues:
            now = time.monotonic()
            if now - self._looked_at.get(queue, -LOOK_EVERY_S) >= LOOK_EVERY_S:
                self._looked_at[queue] = now  # before the answer: one looks, others go by what was seen last
                await self._look(queue)
        return all(self._waiting[queue] < self._most for queue in queues)

    async def _look(self, queue: QueueName) -> None:
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                self._waiting[queue] = await waiting_jobs(self._redis, queue)
        except (QueueError, OSError) as error:
            self._waiting[queue] = 0
            log.warning("queue_length_unknown", queue=queue, error=type(error).__name__)


def capacity_of(state: State) -> Capacity:
    capacity: Capacity = state.capacity
    return capacity


async def _capacity(request: Request) -> Capacity:
    return capacity_of(request.app.state)


def room_in(*queues: QueueName) -> Any:
    """A dependency of a route. Raises `PlatformFull`."""

    async def require(capacity: Annotated[Capacity, Depends(_capacity)]) -> None:
        await capacity.require_room(*queues)

    return Depends(require)
