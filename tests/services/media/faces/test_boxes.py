"""Which boxes are of one face, and where the faces of a photo are."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acme_media.faces.boxes import SAME_FACE, focus, ordinals, overlap
from acme_media.faces.values import Box

SHARES = st.floats(0, 1, allow_nan=False)
SIZES = st.floats(0.01, 0.3)
BOXES = st.builds(
    lambda left, top, size: Box.within(left, top, left + size, top + size),
    st.floats(0, 0.95),
    st.floats(0, 0.95),
    SIZES,
)


def grid(rows: int, columns: int) -> list[Box]:
    """Faces side by side, none over another."""
    return [
        Box(x / columns, y / rows, 0.6 / columns, 0.6 / rows) for y in range(rows) for x in range(columns)
    ]


@given(BOXES, BOXES)
def test_overlap_is_symmetric_and_a_share(left: Box, right: Box) -> None:
    assert 0.0 <= overlap(left, right) <= 1.0
    assert overlap(left, right) == pytest.approx(overlap(right, left))


@given(BOXES)
def test_a_box_is_itself(box: Box) -> None:
    assert overlap(box, box) == pytest.approx(1.0, abs=1e-6)


@given(st.integers(1, 4), st.integers(1, 5), st.randoms(use_true_random=False), st.floats(0, 0.1))
def test_moved_a_little_and_in_any_order_each_face_keeps_its_number(
    rows: int, columns: int, chance: random.Random, most: float
) -> None:
    known = dict(enumerate(grid(rows, columns)))
    order = list(known)
    chance.shuffle(order)
    moved = [
        Box(
            known[number].left + chance.uniform(-most, most) * known[number].width,
            known[number].top + chance.uniform(-most, most) * known[number].height,
            known[number].width,
            known[number].height,
        )
        for number in order
    ]
    assert ordinals(known, moved) == order


@given(st.dictionaries(st.integers(0, 9), BOXES, max_size=6), st.lists(BOXES, max_size=6))
def test_numbers_are_never_given_twice_nor_taken_from_a_face_elsewhere(
    known: dict[int, Box], found: list[Box]
) -> None:
    numbers = ordinals(known, found)
    assert len(set(numbers)) == len(numbers) == len(found)
    for number, box in zip(numbers, found, strict=True):
        if number in known:
            assert overlap(known[number], box) >= SAME_FACE


@given(st.lists(BOXES, max_size=6))
def test_numbering_what_was_numbered_changes_nothing(found: list[Box]) -> None:
    distinct = dict(enumerate(dict.fromkeys(found)))
    assert ordinals(distinct, list(distinct.values())) == list(distinct)


@given(st.lists(BOXES, min_size=1, max_size=6))
def test_the_focus_lies_between_the_faces(boxes: list[Box]) -> None:
    found = focus(boxes)
    assert found is not None
    assert (
        min(box.left for box in boxes) - 1e-6 <= found[0] <= max(box.left + box.width for box in boxes) + 1e-6
    )
    assert (
        min(box.top for box in boxes) - 1e-6 <= found[1] <= max(box.top + box.height for box in boxes) + 1e-6
    )


def test_the_larger_face_counts_for_more() -> None:
    large, small = Box(0.0, 0.0, 0.4, 0.4), Box(0.9, 0.9, 0.1, 0.1)
    found = focus([large, small])
    assert found is not None
    assert found[0] < 0.3
    assert focus([]) is None
