"""An account's live events, until its token or its session ends."""

import time
from collections.abc import AsyncIterator
from uuid import UUID

from acme_auth.principals import Principal
from acme_auth.sessions import SessionEnded, require_open
from acme_core.clock import utc_now
from acme_events.catalogue import EventName
from acme_events.feed import feed
from acme_events.hub import EventHub, Told
from acme_media.events import queries
from acme_web.resources import DataResources

TICK_S = 1.0
CHECK_S = 15.0
"""How long an ended session may still hear; a token is never outlived."""


class LiveEvents:
    """What one connection is told. `project_id` narrows what is told of photos."""

    def __init__(
        self, data: DataResources, hub: EventHub, caller: Principal, project_id: UUID | None
    ) -> None:
        self._data = data
        self._hub = hub
        self._caller = caller
        self._project_id = project_id
        self._changed_projects: set[UUID] = set()
        self._checked_at = time.monotonic()

    async def follow(self, last_event_id: str | None) -> AsyncIterator[Told]:
        """Ends quietly with the token: the client comes again with a new one and the last id."""
        channel = f"{self._caller.role}:{self._caller.account_id}"
        told_at = time.monotonic()
        async for told in feed(self._hub, channel, last_event_id, tick_s=TICK_S):
            if not await self._may_go_on():
                return
            if told is not None and self._is_wanted(told):
                yield told
            if self._changed_projects and time.monotonic() - told_at >= TICK_S:
                told_at = time.monotonic()
                for progress in await self._progress():
                    yield progress

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
            counts = [await queries.count_photos(connection, self._caller, each) for each in changed]
        return [Told("", each.name, each.model_dump(mode="json")) for each in counts]

    async def _may_go_on(self) -> bool:
        if utc_now() >= self._caller.expires_at:
            return False
        if time.monotonic() - self._checked_at < CHECK_S:
            return True
        self._checked_at = time.monotonic()
        try:
            async with self._data.autocommit.connect() as connection:
                await require_open(connection, self._caller.session_id)
        except SessionEnded:
            return False
        return True
