from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from acme_backoffice.photos.likeness import MOST_BITS, groups_of

HASHES = st.lists(st.integers(0, 2**64 - 1), max_size=12)


@settings(deadline=None)
@given(HASHES, st.sets(st.integers(0, 63), max_size=MOST_BITS))
def test_groups_are_those_of_comparing_each_with_each(values: list[int], flipped: set[int]) -> None:
    near = [value ^ sum(1 << bit for bit in flipped) for value in values[:3]]
    hashes = {UUID(int=place): value for place, value in enumerate([*values, *near])}
    groups = groups_of(hashes)
    assert all(len(group) > 1 for group in groups)
    of = {photo_id: number for number, group in enumerate(groups) for photo_id in group}
    for one, value in hashes.items():
        for other, another in hashes.items():
            if one != other and (value ^ another).bit_count() <= MOST_BITS:
                assert of[one] == of[other]
        if one in of:
            assert any(
                (value ^ hashes[other]).bit_count() <= MOST_BITS for other in groups[of[one]] if other != one
            )
