"""Hears every followed channel over one connection, and hands each follower what it has not had yet."""

import asyncio
import contextlib
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from acme_core.background import beside
from acme_events.publisher import KEPT_EVENTS, stream_key

log = structlog.get_logger()

INBOX_SIZE = 256
"""A follower that is further behind reads the rest from what is kept."""
RECONNECT_S = 0.5
LISTEN_S = 5.0
EVENT_ID = re.compile(r"\d{1,20}-\d{1,20}")
START = "0-0"


@dataclass(frozen=True)
class Told:
    """An event as it was told."""

    id: str
    """Grows with time within a channel."""
    name: str
    data: dict[str, Any]


class Missed:
    """Put into an inbox when something may have been lost on the way: look up what is kept."""


Inbox = asyncio.Queue[Told | Missed | None]
"""None wakes who waits."""


class EventHub:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._inboxes: dict[str, set[Inbox]] = defaultdict(set)
        self._pubsub: PubSub = redis.pubsub(ignore_subscribe_messages=True)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listens for as long as the block lasts."""
        try:
            async with beside(self._listen()):
                yield
        finally:
            await self._pubsub.aclose()  # type: ignore[no-untyped-call] # redis ships it without types

    @asynccontextmanager
    async def following(self, channel: str) -> AsyncIterator[Inbox]:
        """Everything told on the channel from now on. Raises `RedisError`."""
        key = stream_key(channel)
        with self._inbox(key) as inbox:
            await self._pubsub.subscribe(key)
            try:
                yield inbox
            finally:
                if len(self._inboxes.get(key, ())) == 1:
                    with contextlib.suppress(RedisError, OSError):
                        await self._pubsub.unsubscribe(key)

    def wake(self, channel: str) -> None:
        """Whoever follows the channel looks up."""
        for inbox in self._inboxes.get(stream_key(channel), ()):
            _put(inbox, None)

    async def is_reachable(self) -> bool:
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError):
            return False

    async def newest_id(self, channel: str) -> str:
        found = await self._redis.xrevrange(stream_key(channel), count=1)
        return found[0][0].decode() if found else START

    async def is_kept(self, channel: str, event_id: str) -> bool:
        """False when what came after this event may be kept in part only."""
        return event_id == START or bool(await self._redis.xrange(stream_key(channel), event_id, event_id))

    async def told_since(self, channel: str, event_id: str) -> list[Told]:
        rows = await self._redis.xrange(stream_key(channel), f"({event_id}", "+", count=2 * KEPT_EVENTS)
        return [_told(row_id.decode(), fields[b"event"]) for row_id, fields in rows]

    @contextmanager
    def _inbox(self, key: str) -> Iterator[Inbox]:
        inbox: Inbox = asyncio.Queue(INBOX_SIZE)
        self._inboxes[key].add(inbox)
        try:
            yield inbox
        finally:
            self._inboxes[key].discard(inbox)
            if not self._inboxes[key]:
                del self._inboxes[key]

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except (RedisError, OSError) as error:
                log.warning("event_connection_lost", error=type(error).__name__)
                await self._start_over()

    async def _hear(self) -> None:
        if not self._pubsub.subscribed:
            await asyncio.sleep(0.02)
            return
        message = await self._pubsub.get_message(ignore_subscribe_messages=True, timeout=LISTEN_S)
        if message is None:
            return
        event_id, _, body = message["data"].partition(b" ")
        for inbox in self._inboxes.get(message["channel"].decode(), ()):
            _put(inbox, _told(event_id.decode(), body))

    async def _start_over(self) -> None:
        """A new connection; whoever follows looks up what it has missed."""
        with contextlib.suppress(RedisError, OSError):
            await self._pubsub.aclose()  # type: ignore[no-untyped-call] # redis ships it without types
        self._pubsub = self._redis.pubsub(ignore_subscribe_messages=True)
        while self._inboxes:
            try:
                await self._pubsub.subscribe(*self._inboxes)
                break
            except (RedisError, OSError):
                await asyncio.sleep(RECONNECT_S)
        for inboxes in self._inboxes.values():
            for inbox in inboxes:
                _put(inbox, Missed())


def is_after(event_id: str, other: str) -> bool:
    return _position(event_id) > _position(other)


def _position(event_id: str) -> tuple[int, int]:
    at, _, count = event_id.partition("-")
    return int(at), int(count)


def _told(event_id: str, body: bytes) -> Told:
    event = json.loads(body)
    return Told(event_id, event["name"], event["data"])


def _put(inbox: Inbox, item: Told | Missed | None) -> None:
    """A full inbox keeps its place and learns that there is more."""
    if inbox.qsize() < INBOX_SIZE - 1:
        inbox.put_nowait(item)
    elif not inbox.full():
        inbox.put_nowait(Missed())
