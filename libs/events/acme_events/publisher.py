"""Events go out once their cause is committed, and never when it is rolled back."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Protocol

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.unit_of_work import after_commit
from acme_events.catalogue import Event

log = structlog.get_logger()

PUBLISHER = "acme_event_publisher"
KEPT_EVENTS, KEPT_S = 1000, 3600
"""Of each channel, for those whose connection breaks."""

_PUBLISH = """
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'event', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('PUBLISH', KEYS[1], id .. ' ' .. ARGV[1])
return id
"""
"""Kept and told in one step: what is heard live is always there for a replay too."""


class EventPublisher(Protocol):
    async def publish(self, event: Event, channels: Sequence[str]) -> None:
        """Must not raise: an event tells of what is true already, and can be read elsewhere."""


class RedisPublisher:
    def __init__(self, redis: Redis) -> None:
        self._script = redis.register_script(_PUBLISH)

    async def publish(self, event: Event, channels: Sequence[str]) -> None:
        body = encode(event)
        try:
            for channel in channels:
                await self._script(keys=[stream_key(channel)], args=[body, KEPT_EVENTS, KEPT_S])
        except (RedisError, OSError) as error:
            log.warning("event_not_published", event_name=event.name, error=type(error).__name__)


def announce(session: AsyncSession, event: Event, *channels: str) -> None:
    """Tell these channels after the commit of the running transaction."""
    publisher: EventPublisher | None = session.info.get(PUBLISHER)
    if publisher is not None:
        after_commit(session, partial(publisher.publish, event, channels))


async def forget(redis: Redis, channel: str) -> int:
    """What is kept for a channel's reconnects; returns how many events there were."""
    async with redis.pipeline(transaction=True) as pipeline:
        pipeline.xlen(stream_key(channel))
        pipeline.delete(stream_key(channel))
        kept, _ = await pipeline.execute()
    return int(kept)


def stream_key(channel: str) -> str:
    return f"acme:events:{channel}"


def encode(event: Event) -> str:
    return json.dumps({"name": event.name, "data": event.model_dump(mode="json")}, separators=(",", ":"))
