from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_events import channels
from acme_events.catalogue import MatchesFound
from acme_events.publisher import announce

Matches = Mapping[UUID, Sequence[UUID]]
"""Photos by guest."""


def announce_matches(session: AsyncSession, project_id: UUID, matches: Matches) -> None:
    """Tell each guest of the photos that show up in the gallery with this transaction."""
    for user_id, photo_ids in matches.items():
        if photo_ids:
            event = MatchesFound(project_id=project_id, photo_ids=list(photo_ids))
            announce(session, event, channels.of_user(user_id))
