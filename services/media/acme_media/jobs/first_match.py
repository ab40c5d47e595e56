from collections.abc import Set
from datetime import datetime
from uuid import UUID

from acme_core.clock import utc_now
from acme_media.jobs.match_queries import Seen
from acme_telemetry.metrics import SELFIE_TO_FIRST_MATCH


class FirstMatch:
    """How long a guest waited for it: told once, of those whom nothing had found before."""

    def __init__(self, since: datetime | None) -> None:
        self._since = since

    def look(self, user_id: UUID, new: Set[Seen]) -> None:
        if self._since is not None and any(guest == user_id for _, guest in new):
            SELFIE_TO_FIRST_MATCH.observe((utc_now() - self._since).total_seconds())
            self._since = None
