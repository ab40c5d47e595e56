"""Which photos look the same, by their perceptual hashes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final
from uuid import UUID

MOST_BITS: Final = 7
"""That differ. Unlike pictures differ in about 32 of the 64."""
_BANDS: Final = MOST_BITS + 1
_BAND_BITS: Final = 64 // _BANDS


def groups_of(hashes: Mapping[UUID, int]) -> list[list[UUID]]:
    """Of two and more; who is like one of a group belongs to it. In the order of `hashes`."""
    leader = {photo_id: photo_id for photo_id in hashes}

    def lead(photo_id: UUID) -> UUID:
        while leader[photo_id] != photo_id:
            leader[photo_id] = leader[leader[photo_id]]
            photo_id = leader[photo_id]
        return photo_id

    for one, other in _candidates(hashes):
        if (hashes[one] ^ hashes[other]).bit_count() <= MOST_BITS:
            leader[lead(other)] = lead(one)
    groups: dict[UUID, list[UUID]] = defaultdict(list)
    for photo_id in hashes:
        groups[lead(photo_id)].append(photo_id)
    return [group for group in groups.values() if len(group) > 1]


def _candidates(hashes: Mapping[UUID, int]) -> Iterator[tuple[UUID, UUID]]:
    """Two numbers that differ in seven bits agree in one of their eight bytes at least."""
    for band in range(_BANDS):
        alike: dict[int, list[UUID]] = defaultdict(list)
        for photo_id, value in hashes.items():
            alike[value >> (band * _BAND_BITS) & (2**_BAND_BITS - 1)].append(photo_id)
        for group in alike.values():
            yield from combinations(group, 2)
