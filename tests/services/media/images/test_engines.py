"""Two engines, one result; and pictures that are turned, cut to size and made again."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import ExifTags, Image, ImageOps

from acme_media.images.engines import PILLOW, TOLERANCE, TURBO
from acme_media.images.pixels import Pixels, fitting, shrunk, upright
from acme_media.images.probe import opened
from tests.services.harness import picture

LIMIT = 200_000_000
SIDES = st.integers(1, 40)
PATIENT = settings(deadline=None)
PICTURES = st.tuples(SIDES, SIDES).flatmap(lambda size: arrays.arrays(np.uint8, (*size, 3)))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("side", [None, 1600, 400])
def test_both_engines_decode_the_same_pixels(tmp_path: Path, orientation: int, side: int | None) -> None:
    """Within what two inverse transforms, and the scales that each knows, differ."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    path = tmp_path / "object"
    path.write_bytes(picture(11, (1600, 1200), quality=95, exif=exif.tobytes()))
    with opened(path, max_pixels=LIMIT) as found:
        turbo = TURBO.decode(found, side)
    with opened(path, max_pixels=LIMIT) as found:
        pillow = PILLOW.decode(found, side)
    assert turbo is not None
    require_equal(shrunk(turbo, side or 1600), shrunk(pillow, side or 1600))


@pytest.mark.parametrize("quality", [80, 92])
def test_both_engines_encode_the_same_pixels(quality: int) -> None:
    pixels = np.asarray(Image.open(io.BytesIO(picture(12, (801, 533), "PNG"))).convert("RGB"))
    found, expected = (
        np.asarray(Image.open(io.BytesIO(engine.encode(pixels, quality)))) for engine in (TURBO, PILLOW)
    )
    require_equal(found, expected)


def require_equal(found: Pixels, expected: Pixels) -> None:
    assert found.shape == expected.shape
    difference = np.abs(found.astype(np.int16) - expected)
    assert difference.mean() < 1
    assert difference.max() <= TOLERANCE


@PATIENT
@given(PICTURES, st.integers(1, 8))
def test_turning_is_what_pillow_makes_of_the_tag(pixels: Pixels, orientation: int) -> None:
    image = Image.fromarray(pixels)
    image.getexif()[ExifTags.Base.Orientation] = orientation
    assert np.array_equal(upright(pixels, orientation), np.asarray(ImageOps.exif_transpose(image)))


@PATIENT
@given(PICTURES, st.integers(1, 8))
def test_turning_moves_pixels_and_changes_none(pixels: Pixels, orientation: int) -> None:
    turned = upright(pixels, orientation)
    assert sorted(turned.shape) == sorted(pixels.shape)
    assert np.array_equal(np.sort(turned.reshape(-1, 3), axis=0), np.sort(pixels.reshape(-1, 3), axis=0))


@PATIENT
@given(PICTURES)
def test_turning_back_is_the_same_picture(pixels: Pixels) -> None:
    for there, back in ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 8), (7, 7), (8, 6)):
        assert np.array_equal(upright(upright(pixels, there), back), pixels)


@PATIENT
@given(st.integers(1, 30_000), st.integers(1, 30_000), st.integers(1, 4096))
def test_a_box_is_filled_and_never_exceeded(width: int, height: int, side: int) -> None:
    found = fitting(width, height, side)
    assert max(found) == min(side, max(width, height))
    assert found == fitting(*found, side)
    scale = max(found) / max(width, height)
    assert abs(found[0] - width * scale) <= 1
    assert abs(found[1] - height * scale) <= 1


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 900), st.integers(1, 900), st.integers(1, 300), st.integers(0, 255))
def test_shrinking_keeps_the_proportions_and_an_even_colour(
    width: int, height: int, side: int, grey: int
) -> None:
    small = shrunk(np.full((height, width, 3), grey, np.uint8), side)
    assert (small.shape[1], small.shape[0]) == fitting(width, height, side)
    assert small.min() == small.max() == grey
    assert shrunk(small, side) is small
