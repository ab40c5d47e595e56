"""How many there are of what, and how they are spread: a few giant events, many small ones."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import blake2b

UNTIL = datetime(2026, 11, 26, tzinfo=UTC)
SPAN = timedelta(days=730)
EVENT_LASTS = timedelta(hours=10)
TAGS_OF_PHOTOS = (5, 3, 0, 8, 2, 12, 4, 3, 7, 6)
"""By turns: five on average, none in some, a group picture now and then."""
MOST_TAGS = max(TAGS_OF_PHOTOS)
LEAST_MEMBERS = 2 * MOST_TAGS
MEMBERSHIPS_PER_USER = 1.3
OPERATORS, PHOTOGRAPHERS_EACH, ASSIGNED = 50, 6, 3
PACKAGES = (("Five photos", 1900, 5), ("Twenty photos", 4900, 20), ("Everything", 8900, 0))


def uid(kind: str, number: int) -> str:
    """A version 4 UUID that is always the same for the same thing, and lies anywhere in an index."""
    text = blake2b(b"%d" % number, digest_size=16, person=kind.encode()).hexdigest()
    return f"{text[:12]}4{text[13:16]}8{text[17:]}"


@dataclass(frozen=True)
class EventPlan:
    """A project, and which of the numbered photos, memberships and purchases are its."""

    number: int
    operator: int
    starts_at: datetime
    photos: range
    members: range
    """Memberships; `user_of` says whose."""
    purchases: range
    user_count: int

    @property
    def id(self) -> str:
        return uid("project", self.number)

    @property
    def photographers(self) -> list[int]:
        first = self.operator * PHOTOGRAPHERS_EACH
        return [first + (self.number + turn) % PHOTOGRAPHERS_EACH for turn in range(ASSIGNED)]

    def user_of(self, membership: int) -> int:
        """Neighbours in the list of users join together: nobody joins one project twice."""
        return membership % self.user_count

    def dice(self, purpose: str) -> random.Random:
        return random.Random(f"{purpose} {self.number}")  # noqa: S311 - the same numbers each time are the point


@dataclass(frozen=True)
class Shape:
    photos: int

    @property
    def tags(self) -> int:
        return self.photos * sum(TAGS_OF_PHOTOS) // len(TAGS_OF_PHOTOS)

    @property
    def users(self) -> int:
        return max(self.photos // 5, LEAST_MEMBERS)

    @property
    def projects(self) -> int:
        return max(self.photos // 1000, 1)

    @property
    def purchases(self) -> int:
        return self.photos // 10

    @property
    def operators(self) -> int:
        return max(2, min(OPERATORS, self.projects // 4))

    @cached_property
    def events(self) -> Sequence[EventPlan]:
        return list(self._events())

    def _events(self) -> Iterator[EventPlan]:
        dice = random.Random("events")  # noqa: S311 - the same numbers each time are the point
        photos = _shared_out(self.photos, self.projects, least=1)
        members = _shared_out(
            int(self.users * MEMBERSHIPS_PER_USER), self.projects, least=LEAST_MEMBERS, most=self.users
        )
        purchases = _shared_out(self.purchases, self.projects, least=0)
        for number in range(self.projects):
            yield EventPlan(
                number=number,
                operator=0 if number % 3 == 0 else 1 + number % (self.operators - 1),
                starts_at=UNTIL - EVENT_LASTS - SPAN * dice.random(),
                photos=photos[number],
                members=members[number],
                purchases=purchases[number],
                user_count=self.users,
            )


def _shared_out(total: int, parts: int, *, least: int, most: int | None = None) -> list[range]:
    """Consecutive ranges; the first gets the most, the second half of that, and so on (Zipf's law)."""
    whole = sum(1 / (rank + 1) for rank in range(parts))
    spare = max(total - least * parts, 0)
    sizes = [least + int(spare / (rank + 1) / whole) for rank in range(parts)]
    sizes[-1] += max(total - sum(sizes), 0)
    ranges, start = [], 0
    for size in sizes:
        ranges.append(range(start, start + min(size, most or size)))
        start = ranges[-1].stop
    return ranges
