"""An account's live events, until its token or its session ends."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from uuid import UUID

from acme_auth.principals import Principal
from acme_core.clock import utc_now
from acme_events.catalogue import EventName
from acme_events.feed import feed
from acme_events.hub import EventHub, Told
from acme_media.events import queries
from acme_media.events.watch import SessionWatch
from acme_web.resources import DataResources

TICK_S = 1.0
KEEPALIVE_S = 15.0
"""Proxies take a silent connection for a dead one."""


class LiveEvents:
    """What one connection is told. `project_id` narrows what is told of photos."""

    def __init__(
        self,
        data: DataResources,
        hub: EventHub,
        watch: SessionWatch,
        caller: Principal,
        project_id: UUID | None,
    ) -> None:
        self._data = data
        self._hub = hub
        self._watch = watch
        self._caller = caller
        self._channel = f"{caller.role}:{caller.account_id}"
        self._project_id = project_id
        self._changed_projects: set[UUID] = set()
        self._told_at = time.monotonic()
        self._has_ended = False

    async def follow(self, last_event_id: str | None) -> AsyncGenerator[Told | None]:
        """None when there was nothing for a while.

        Ends quietly with the token: the client comes again with a new one and the last id.
        """
        news = feed(self._hub, self._channel, last_event_id, patience=self._patience)
        async with aclosing(news):
            with self._watch.watching(self._caller.session_id, self._end):
                async for told in news:
                    if self._has_ended or self._left_s() <= 0:
                        return
                    if told is None or self._is_wanted(told):
                        yield told
                    if self._changed_projects and self._owed_in_s() <= 0:
                        self._told_at = time.monotonic()
                        for progress in await self._progress():
                            yield progress

    def _end(self) -> None:
        self._has_ended = True
        self._hub.wake(self._channel)

    def _patience(self) -> float:
        """Thousands wait for an event at the same time: nobody wakes for nothing."""
        longest = min(self._left_s(), KEEPALIVE_S)
        return min(longest, self._owed_in_s()) if self._changed_projects else longest

    def _left_s(self) -> float:
        return (self._caller.expires_at - utc_now()).total_seconds()

    def _owed_in_s(self) -> float:
        return self._told_at + TICK_S - time.monotonic()

    def _is_wanted(self, told: Told) -> bool:
        if told.name != EventName.PHOTO_CHANGED:
            return True
        project_id = UUID(told.data["project_id"])
        is_wanted = self._project_id in {None, project_id}
        if is_wanted:
            self._changed_projects.add(project_id)
        return is_wanted

    async def _progress(self) -> list[Told]:
        """Counted when something has changed, at most once a second; no part of what is replayed."""
        changed, self._changed_projects = self._changed_projects, set()
        async with self._data.autocommit.connect() as connection:
            counts = await queries.count_photos(connection, self._caller, changed)
        return [Told("", each.name, each.model_dump(mode="json")) for each in counts]
