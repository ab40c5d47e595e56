"""Projects with what surrounds them, and who joined."""

from collections.abc import Iterator
from datetime import timedelta

from acme_standalone.scale.rows import Rows, line, stamp
from acme_standalone.scale.shape import EVENT_LASTS, PACKAGES, Shape, uid


def projects(shape: Shape) -> list[Rows]:
    return [
        Rows("projects", "id operator_id name location_name start_at end_at created_at", _projects(shape)),
        Rows("project_photographers", "id project_id photographer_id created_at", _assignments(shape)),
        Rows("project_packages", "project_id package_id", _on_sale(shape)),
        Rows("project_coaches", "id project_id name created_at", _coaches(shape)),
        Rows("qr_tokens", "id project_id token expires_at created_at kind use_count", _qr_tokens(shape)),
        Rows(
            "project_members",
            "id project_id user_id joined_at terms_accepted_at backfill_state",
            _members(shape),
        ),
    ]


def _projects(shape: Shape) -> Iterator[str]:
    for event in shape.events:
        start, end = event.starts_at, event.starts_at + EVENT_LASTS
        made = stamp(start - timedelta(days=20))
        owner = uid("operator", event.operator)
        place = f"Place {event.number % 97}"
        yield line(event.id, owner, f"Event {event.number}", place, stamp(start), stamp(end), made)


def _assignments(shape: Shape) -> Iterator[str]:
    for event in shape.events:
        for number in event.photographers:
            key = uid("assigned", event.number * 1000 + number % 1000)
            yield line(key, event.id, uid("photographer", number), stamp(event.starts_at))


def _on_sale(shape: Shape) -> Iterator[str]:
    for event in shape.events:
        for place in range(len(PACKAGES)):
            yield line(event.id, uid("package", event.operator * len(PACKAGES) + place))


def _coaches(shape: Shape) -> Iterator[str]:
    for event in shape.events:
        for place in range(2):
            number = event.number * 2 + place
            yield line(uid("coach", number), event.id, f"Coach {place}", stamp(event.starts_at))


def _qr_tokens(shape: Shape) -> Iterator[str]:
    for event in shape.events:
        at, ends = stamp(event.starts_at), stamp(event.starts_at + timedelta(days=3650))
        token = f"qr_{uid('token', event.number)}"
        yield line(uid("qr", event.number), event.id, token, ends, at, "poster", len(event.members))


def _members(shape: Shape) -> Iterator[str]:
    for event in shape.events:
        dice = event.dice("members")
        for number in event.members:
            at = stamp(event.starts_at + EVENT_LASTS * dice.random())
            user = uid("user", event.user_of(number))
            yield line(uid("member", number), event.id, user, at, at, "done")
