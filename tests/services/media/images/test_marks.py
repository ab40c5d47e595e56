"""Where marks stand, what they do to a picture, and that making anything again makes the same."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from acme_core.watermarks import Layout, Placement, WatermarkDesign
from acme_media.images.derivatives import thumbnail_of, watermarked_of
from acme_media.images.fingerprints import perceptual_hash
from acme_media.images.pixels import Pixels, Pyramid
from acme_media.images.watermark import WatermarkProfile, mark, places

SIDES = st.integers(1, 3000)
STAMPS = st.tuples(st.integers(10, 400), st.integers(10, 200))
NINE = [placement for placement in Placement if placement is not Placement.TILE]
SMALL = st.tuples(st.integers(20, 60), st.integers(20, 60)).flatmap(
    lambda size: arrays.arrays(np.uint8, (*size, 3))
)
PATIENT = settings(deadline=None)
SLOW = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])


@PATIENT
@given(st.sampled_from(NINE), SIDES, SIDES, STAMPS, st.integers(0, 50))
def test_a_stamp_that_fits_stands_inside_its_margin(
    placement: Placement, width: int, height: int, stamp: tuple[int, int], margin: int
) -> None:
    ((left, top),) = places(placement, (width, height), stamp, margin)
    assert left >= 0
    assert top >= 0
    if stamp[0] + 2 * margin <= width:
        assert margin <= left <= width - stamp[0] - margin
    if stamp[1] + 2 * margin <= height:
        assert margin <= top <= height - stamp[1] - margin


@PATIENT
@given(SIDES, SIDES, STAMPS, st.integers(0, 100))
def test_tiles_leave_no_part_uncovered(width: int, height: int, stamp: tuple[int, int], gap: int) -> None:
    """Whatever is cut out that is larger than a step in both directions has a piece of a stamp in it."""
    rows: dict[int, list[int]] = {}
    for left, top in places(Placement.TILE, (width, height), stamp, gap):
        rows.setdefault(top, []).append(left)
    tops = sorted(rows)
    assert tops[0] <= 0
    assert tops[-1] + stamp[1] + gap >= height
    assert all(after - before == stamp[1] + gap for before, after in pairwise(tops))
    for lefts in rows.values():
        assert min(lefts) <= 0
        assert max(lefts) + stamp[0] + gap >= width


@SLOW
@given(SMALL, st.sampled_from(list(Placement)), st.floats(0.1, 1), st.integers(-180, 180))
def test_a_mark_changes_what_it_stands_on_and_the_same_way_each_time(
    pixels: Pixels, placement: Placement, opacity: float, angle: int
) -> None:
    layout = Layout(placement=placement, opacity=opacity, angle=angle)
    profile = WatermarkProfile("A", design=WatermarkDesign(preview=layout))
    first, second = pixels.copy(), pixels.copy()
    mark(first, profile, layout)
    mark(second, profile, layout)
    assert np.array_equal(first, second)
    grey = np.full_like(pixels, 128)
    mark(grey, profile, layout)
    assert (grey != 128).any()


@SLOW
@given(SMALL)
def test_derivatives_are_the_same_in_whatever_order_and_however_often_they_are_made(pixels: Pixels) -> None:
    profile = WatermarkProfile("Acme Events")
    together = Pyramid(pixels.copy())
    thumbnail, made = thumbnail_of(together), watermarked_of(together, profile, None)
    assert watermarked_of(Pyramid(pixels.copy()), profile, None) == made
    assert thumbnail_of(Pyramid(pixels.copy())) == thumbnail


@PATIENT
@given(st.integers(0, 2**32))
def test_a_perceptual_hash_fits_its_column(seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 255, (40, 60, 3), dtype=np.uint8)
    assert -(2**63) <= perceptual_hash(pixels) < 2**63


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"text": "B"}),
        ({}, {"preview": {"opacity": 0.5}}),
        ({}, {"deliverable": {"placement": "top", "margin": 0.0}}),
        ({"text": "A"}, {"text": "B"}),
    ],
)
def test_another_look_has_another_version(one: dict[str, object], other: dict[str, object]) -> None:
    versions = {WatermarkDesign.model_validate(each).version_for("Acme") for each in (one, other)}
    assert len(versions) == 2
    assert WatermarkDesign.model_validate(one).version_for("Acme") in versions
    assert WatermarkDesign(text="Acme").version_for("X") == WatermarkDesign(text="Acme").version_for("X")
