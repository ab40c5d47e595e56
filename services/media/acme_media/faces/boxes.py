"""Boxes of a photo's faces: which are the same, and where they all are. Pure."""

from collections.abc import Sequence
from itertools import count

from acme_media.faces.values import Box

SAME_FACE = 0.4
"""Share of two boxes that is common to them, from which on they are of one face."""


def overlap(left: Box, right: Box) -> float:
    """Of what both cover together, the share that each covers: 0..1."""
    width = min(left.left + left.width, right.left + right.width) - max(left.left, right.left)
    height = min(left.top + left.height, right.top + right.height) - max(left.top, right.top)
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    return min(1.0, common / (left.width * left.height + right.width * right.height - common))


def ordinals(known: dict[int, Box], found: Sequence[Box]) -> list[int]:
    """The number of each found face: the one it had, or else the next that is free.

    The best overlaps are taken first, so that two faces beside each other do not change places.
    """
    pairs = sorted(
        (
            (overlap(box, face), ordinal, index)
            for ordinal, box in known.items()
            for index, face in enumerate(found)
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    kept: dict[int, int] = {}
    for share, ordinal, index in pairs:
        if share >= SAME_FACE and index not in kept and ordinal not in kept.values():
            kept[index] = ordinal
    free = (number for number in count() if number not in known)
    return [kept[index] if index in kept else next(free) for index in range(len(found))]


def focus(boxes: Sequence[Box]) -> tuple[float, float] | None:
    """The middle of the faces, the larger ones counting for more; None without faces."""
    areas = [box.width * box.height for box in boxes]
    total = sum(areas)
    if total <= 0:
        return None
    x = sum(area * (box.left + box.width / 2) for area, box in zip(areas, boxes, strict=True)) / total
    y = sum(area * (box.top + box.height / 2) for area, box in zip(areas, boxes, strict=True)) / total
    return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))
