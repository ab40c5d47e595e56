"""One follower's events, in order, each once: first what was missed, then live."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress

from acme_events.hub import EventHub, Inbox, Missed, Told, is_after

RESET, READY = "reset", "ready"

Patience = Callable[[], float]
"""How many seconds from now to wait for an event."""


async def feed(
    hub: EventHub, channel: str, last_event_id: str | None, *, patience: Patience
) -> AsyncGenerator[Told | None]:
    """None when there is no event for as long, or the channel is woken up.

    Raises `RedisError` when Redis is away at the start.
    """
    async with hub.following(channel) as inbox:
        position = last_event_id or await hub.newest_id(channel)
        if last_event_id is not None and not await hub.is_kept(channel, position):
            position = await hub.newest_id(channel)
            yield Told(position, RESET, {})
        elif last_event_id is None:
            yield Told(position, READY, {})
        async for told in _news(hub, channel, inbox, position, patience):
            yield told


async def _news(
    hub: EventHub, channel: str, inbox: Inbox, position: str, patience: Patience
) -> AsyncGenerator[Told | None]:
    """What is kept comes first: what was told meanwhile waits in the inbox, and may be later than it."""
    item: Told | Missed | None = Missed()
    while True:
        for told in await _unpacked(hub, channel, item, position):
            if told is None:
                yield None
            elif is_after(told.id, position):
                position = told.id
                yield told
        item = await next_of(inbox, patience())


async def _unpacked(
    hub: EventHub, channel: str, item: Told | Missed | None, position: str
) -> Sequence[Told | None]:
    return await hub.told_since(channel, position) if isinstance(item, Missed) else [item]


async def next_of(inbox: Inbox, wait_s: float) -> Told | Missed | None:
    """Not `wait_for`: before Python 3.12 it loses a cancellation that comes together with an event."""
    with suppress(TimeoutError):
        async with asyncio.timeout(wait_s):
            return await inbox.get()
    return None
