"""Which of the sessions that follow events are still open: asked once for all of them."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from acme_auth.sessions import open_among
from acme_core.background import beside
from acme_web.resources import DataResources

log = structlog.get_logger()

CHECK_S = 15.0
"""How long an ended session may still hear."""

End = Callable[[], None]


class SessionWatch:
    def __init__(self, data: DataResources) -> None:
        self._data = data
        self._ends: dict[UUID, set[End]] = defaultdict(set)

    @contextmanager
    def watching(self, session_id: UUID | None, end: End) -> Iterator[None]:
        """`end` is called once the session has ended, within the block. None is of no session."""
        if session_id is None:
            end()
            yield
            return
        self._ends[session_id].add(end)
        try:
            yield
        finally:
            self._ends[session_id].discard(end)
            if not self._ends[session_id]:
                del self._ends[session_id]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with beside(self._run()):
            yield

    async def check(self) -> None:
        watched = list(self._ends)
        if not watched:
            return
        async with self._data.autocommit.connect() as connection:
            still_open = await open_among(connection, watched)
        for session_id in set(watched) - still_open:
            for end in list(self._ends.get(session_id, ())):
                end()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(CHECK_S)
            try:
                await self.check()
            except (SQLAlchemyError, OSError) as error:
                log.warning("sessions_not_checked", error=type(error).__name__)
