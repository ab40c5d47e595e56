"""Where each rule of the gate begins, without a picture."""

import pytest

from acme_core.selfies import Rejection
from acme_media.faces.quality import BLURRED, DARK
from acme_media.faces.selfie_gate import SURE_SCORE, judge
from acme_media.faces.values import Box, FoundFace


def face(
    size_px: float = 200, *, score: float = 2.0, sharpness: float = 80, brightness: float = 120
) -> FoundFace:
    return FoundFace(Box(0.2, 0.2, 0.5, 0.5), size_px, score, sharpness, brightness, b"")


@pytest.mark.parametrize(
    ("faces", "expected"),
    [
        ([], Rejection.NO_FACE),
        ([face(), face(101)], Rejection.SEVERAL_FACES),
        ([face(59.9)], Rejection.FACE_TOO_SMALL),
        ([face(brightness=DARK - 0.1)], Rejection.TOO_DARK),
        ([face(sharpness=BLURRED - 0.1)], Rejection.TOO_BLURRY),
        ([face(score=SURE_SCORE - 0.01)], Rejection.NO_FACE),
        ([face(59.9, score=0.1)], Rejection.FACE_TOO_SMALL),
    ],
)
def test_a_selfie_just_beyond_a_bound_is_refused(faces: list[FoundFace], expected: Rejection) -> None:
    assert judge(faces) is expected


@pytest.mark.parametrize(
    "others",
    [
        pytest.param([], id="alone"),
        pytest.param([face(100)], id="half the size"),
        pytest.param([face(180, score=0.3)], id="a false alarm"),
    ],
)
def test_a_selfie_on_every_bound_passes(others: list[FoundFace]) -> None:
    main = face(200, brightness=DARK, sharpness=BLURRED)
    assert judge([main, *others]) is main
    assert judge([face(60)]) == face(60)
