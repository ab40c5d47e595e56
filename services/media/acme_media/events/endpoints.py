from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header

from acme_auth.principals import Audience, Principal, Role
from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_media.dependencies import Hub, Watch
from acme_media.events.errors import EventsDown
from acme_media.events.service import LiveEvents
from acme_media.events.streaming import EventStream
from acme_web.dependencies import Data, WrongRole, caller
from acme_web.problems import ValidationFailed, problems

router = APIRouter(tags=["events"])

Follower = Annotated[
    Principal,
    Depends(
        caller(
            Role.USER,
            Role.OPERATOR,
            Role.PHOTOGRAPHER,
            audiences=frozenset({Audience.MEDIA, Audience.BACKOFFICE}),
        )
    ),
]
LastEventId = Annotated[str | None, Header(pattern=r"^\d{1,18}-\d{1,18}$")]


async def _connected(hub: Hub) -> None:
    """Refused before the stream begins: afterwards it is too late for a status."""
    if not await hub.is_reachable():
        raise EventsDown(headers={"Retry-After": "5"})


@router.get(
    "/events",
    status_code=200,
    response_class=EventStream,
    dependencies=[Depends(_connected)],
    responses=problems(InvalidToken, SessionEnded, SessionEnded, WrongRole, EventsDown, ValidationFailed),
)
async def follow_events(
    follower: Follower,
    data: Data,
    hub: Hub,
    watch: Watch,
    project_id: UUID | None = None,
    last_event_id: LastEventId = None,
) -> EventStream:
    return EventStream(LiveEvents(data, hub, watch, follower, project_id).follow(last_event_id))
