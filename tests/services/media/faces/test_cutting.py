"""A face is cut out with its box around its middle, and turned until its eyes are level."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from acme_media.faces.blazeface import Proposal
from acme_media.faces.detector import BOX_SHARE, ROLL_WORTH_CORRECTING, _cut

SIDE = 1000
RED, GREEN = (255, 0, 0), (0, 255, 0)


def face(x: float, y: float, size: float, roll: float) -> tuple[Image.Image, Proposal]:
    """Two eyes on a line through the face's middle, the right one (at the viewer's left) red."""
    picture = Image.new("RGB", (SIDE, SIDE))
    across = size * 0.2 * np.array([math.cos(roll), math.sin(roll)])
    eyes = [np.array([x, y]) - across, np.array([x, y]) + across]
    radius = size * 0.05
    for eye, colour in zip(eyes, (RED, GREEN), strict=True):
        ImageDraw.Draw(picture).ellipse([*(eye - radius), *(eye + radius)], fill=colour)
    points = np.array([*eyes, *[(x, y)] * 4], np.float32)
    return picture, Proposal(x, y, size, 0.9, points)


def middle_of(picture: Image.Image, channel: int) -> tuple[float, float]:
    weights = np.asarray(picture)[:, :, channel].astype(float)
    rows, columns = np.indices(weights.shape)
    return float((columns * weights).sum() / weights.sum()), float((rows * weights).sum() / weights.sum())


@settings(deadline=None, max_examples=60)
@given(
    st.floats(120, SIDE - 120), st.floats(120, SIDE - 120), st.floats(60, 420), st.floats(-math.pi, math.pi)
)
def test_a_rolled_face_stands_upright_in_the_middle_of_its_box(
    x: float, y: float, size: float, roll: float
) -> None:
    picture, proposal = face(x, y, size, roll)
    cut = _cut(picture, proposal)
    red, green = middle_of(cut.picture, 0), middle_of(cut.picture, 1)
    residue = math.atan2(green[1] - red[1], green[0] - red[0])
    assert abs(residue) <= ROLL_WORTH_CORRECTING + math.radians(4)
    if abs(roll) > 2 * ROLL_WORTH_CORRECTING:
        assert abs(residue) <= math.radians(4), "what was turned is level"
    zoom = cut.box.width() / (size * BOX_SHARE)
    assert math.dist(red, green) == pytest.approx(size * 0.4 * zoom, abs=4)
    centre = (cut.box.center().x, cut.box.center().y)
    assert ((red[0] + green[0]) / 2, (red[1] + green[1]) / 2) == pytest.approx(centre, abs=3)


@settings(deadline=None, max_examples=60)
@given(st.floats(0, SIDE), st.floats(0, SIDE), st.floats(20, 900), st.floats(-math.pi, math.pi))
def test_a_face_at_the_edge_has_its_whole_box_in_what_is_cut_out(
    x: float, y: float, size: float, roll: float
) -> None:
    picture, proposal = face(x, y, size, roll)
    cut = _cut(picture, proposal)
    assert 0 <= cut.box.left() < cut.box.right() < cut.picture.width
    assert 0 <= cut.box.top() < cut.box.bottom() < cut.picture.height
    assert abs(cut.box.width() - cut.box.height()) <= 1
    assert max(cut.picture.size) <= 600, "no more pixels than the chip can use"
