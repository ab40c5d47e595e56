"""Finds faces and cuts them out upright.

BlazeFace proposes them. Those it is unsure of must convince dlib's HOG detector, once they are turned
upright; dlib's 5-point landmarks align them all. The 68-point landmarks are never loaded: their training
data are not for commercial use.
"""

import math
import threading
from dataclasses import dataclass, replace

import dlib
import numpy as np
from PIL import Image

from acme_media.faces.blazeface import Proposal, shared_finder
from acme_media.faces.networks import CHIP_SIDE
from acme_media.faces.values import Pixels
from acme_media.faces.weights import model_path

LANDMARKS_FILE = "shape_predictor_5_face_landmarks.dat"
CUTTING_SIDE = 4096
"""Faces are cut out of a picture of at most this long side: more gains nothing for the embedding."""
LEAST_SCORE, SURE_SCORE = 0.4, 0.8
"""What is proposed between the two is looked at again: a rolled face, or none."""
LEAST_HOG = -0.25
"""Measured: true faces reach 0.1 at least, what is none -0.6 at most."""
BOX_SHARE = 0.9
"""Of BlazeFace's box dlib's, which the landmarks were trained on: measured over 120 faces."""
CHIP_PADDING = 0.25
MARGIN = 0.6
"""Around the box when cutting out, in sizes of the box: landmarks and rotation need room."""
SECOND_LOOK_SIZE = 100
"""Of the face in pixels: one size that HOG knows, so that it needs no pyramid above."""
ROLL_WORTH_CORRECTING = math.radians(8)
NOSE_DEPTH = 0.7
"""Half the distance of the ears over how far the nose stands before them, in a mean head."""


@dataclass(frozen=True)
class Detection:
    """In pixels of the given picture."""

    left: float
    top: float
    right: float
    bottom: float
    score: float
    """0..1."""
    chip: Pixels
    """Upright, 150 x 150."""
    roll: float
    """Degrees, clockwise positive."""
    yaw: float
    """Degrees, roughly; 0 looks at the camera."""

    @property
    def size(self) -> float:
        return max(self.right - self.left, self.bottom - self.top)


@dataclass(frozen=True)
class _Cut:
    """A face with room around it, turned upright."""

    picture: Image.Image
    box: "dlib.rectangle"


class Detector:
    """dlib's objects are not safe to share between threads: each thread has its own."""

    def __init__(self) -> None:
        self._own = threading.local()

    def detect(self, picture: Image.Image) -> list[Detection]:
        """Faces of an upright RGB picture, largest first."""
        proposals = shared_finder().propose(np.asarray(picture), LEAST_SCORE)
        found = [self._detection(picture, proposal) for proposal in proposals]
        return sorted((item for item in found if item is not None), key=lambda item: -item.size)

    def _detection(self, picture: Image.Image, proposal: Proposal) -> Detection | None:
        cut = _cut(picture, proposal)
        if proposal.score < SURE_SCORE and not self._is_face(cut):
            return None
        half = proposal.size * BOX_SHARE / 2
        return Detection(
            left=proposal.x - half,
            top=proposal.y - half,
            right=proposal.x + half,
            bottom=proposal.y + half,
            score=proposal.score,
            chip=self._chip(cut),
            roll=math.degrees(proposal.roll),
            yaw=_yaw(proposal),
        )

    def _hog(self) -> "dlib.fhog_object_detector":
        if not hasattr(self._own, "hog"):
            self._own.hog = dlib.get_frontal_face_detector()
        return self._own.hog

    def _landmarks(self) -> "dlib.shape_predictor":
        if not hasattr(self._own, "landmarks"):
            self._own.landmarks = dlib.shape_predictor(str(model_path(LANDMARKS_FILE)))
        return self._own.landmarks

    def _is_face(self, cut: _Cut) -> bool:
        zoom = SECOND_LOOK_SIZE / cut.box.width()
        size = (max(1, round(cut.picture.width * zoom)), max(1, round(cut.picture.height * zoom)))
        seen = np.asarray(cut.picture.resize(size, Image.Resampling.BILINEAR))
        boxes, _, _ = self._hog().run(seen, 0, LEAST_HOG)
        middle = (size[0] / 2, size[1] / 2)
        return any(_is_around(box, middle) for box in boxes)

    def _chip(self, cut: _Cut) -> Pixels:
        """Aligned by its landmarks; what is still rolled is turned and measured again."""
        pixels = np.asarray(cut.picture)
        shape = self._landmarks()(pixels, cut.box)
        roll = _roll(shape)
        if abs(roll) > ROLL_WORTH_CORRECTING:
            pixels = np.asarray(_turned(cut, roll).picture)
            shape = self._landmarks()(pixels, cut.box)
        chip: Pixels = dlib.get_face_chip(pixels, shape, size=CHIP_SIDE, padding=CHIP_PADDING)
        return chip


def _cut(picture: Image.Image, proposal: Proposal) -> _Cut:
    side = proposal.size * BOX_SHARE
    reach = side * (0.5 + MARGIN)
    frame = (
        round(proposal.x - reach),
        round(proposal.y - reach),
        round(proposal.x + reach),
        round(proposal.y + reach),
    )
    crop = picture.crop(frame)  # outside of the picture it is black
    zoom = min(1.0, 4 * CHIP_SIDE / max(crop.size))
    if zoom < 1.0:
        crop = crop.resize((round(crop.width * zoom), round(crop.height * zoom)), Image.Resampling.BOX)
    left = (proposal.x - side / 2 - frame[0]) * zoom
    top = (proposal.y - side / 2 - frame[1]) * zoom
    box = dlib.rectangle(round(left), round(top), round(left + side * zoom) - 1, round(top + side * zoom) - 1)
    cut = _Cut(crop, box)
    return _turned(cut, proposal.roll) if abs(proposal.roll) > ROLL_WORTH_CORRECTING else cut


def _turned(cut: _Cut, roll: float) -> _Cut:
    """The box is about as good as before: it turns around its own centre."""
    centre = (cut.box.center().x, cut.box.center().y)
    return replace(
        cut, picture=cut.picture.rotate(math.degrees(roll), Image.Resampling.BILINEAR, center=centre)
    )


def _is_around(box: "dlib.rectangle", middle: tuple[float, float]) -> bool:
    x, y = middle
    return bool(box.left() < x < box.right() and box.top() < y < box.bottom())


def _roll(shape: "dlib.full_object_detection") -> float:
    """Of the line through the eyes, in radians, clockwise positive.

    Points 0-1 and 2-3 are the corners of the eyes.
    """
    points = [(shape.part(index).x, shape.part(index).y) for index in range(4)]
    right_eye = ((points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2)
    left_eye = ((points[2][0] + points[3][0]) / 2, (points[2][1] + points[3][1]) / 2)
    return math.atan2(right_eye[1] - left_eye[1], right_eye[0] - left_eye[0])


def _yaw(proposal: Proposal) -> float:
    """From where the nose stands between the ears, along the line through the eyes."""
    along = np.array([math.cos(proposal.roll), math.sin(proposal.roll)])
    right_ear, left_ear, nose = (float(proposal.points[index] @ along) for index in (4, 5, 2))
    half = max((left_ear - right_ear) / 2, 1e-3)
    return math.degrees(math.atan(NOSE_DEPTH * (nose - (left_ear + right_ear) / 2) / half))
