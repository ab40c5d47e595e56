"""Finds faces and cuts them out upright, with dlib's detector and its 5-point landmarks.

The 68-point landmarks are never loaded: their training data are not for commercial use.
"""

import math
import threading
from dataclasses import dataclass

import dlib
import numpy as np
from PIL import Image

from acme_media.faces.networks import CHIP_SIDE
from acme_media.faces.values import Pixels
from acme_media.faces.weights import model_path

LANDMARKS_FILE = "shape_predictor_5_face_landmarks.dat"
DETECTION_SIDE = 1600
"""With one upsampling this finds faces from 37 px of the detection picture on: all 43 of the test mosaic."""
CUTTING_SIDE = 3200
"""Faces are cut out of a picture of at most this long side: more gains nothing for the embedding."""
CHIP_PADDING = 0.25
MARGIN = 0.6
"""Around the box when cutting out, in sizes of the box: landmarks and rotation need room."""
ROLL_WORTH_CORRECTING = math.radians(8)


@dataclass(frozen=True)
class Detection:
    """In pixels of the given picture."""

    left: float
    top: float
    right: float
    bottom: float
    score: float
    chip: Pixels
    """Upright, 150 x 150."""

    @property
    def size(self) -> float:
        return max(self.right - self.left, self.bottom - self.top)


class Detector:
    """dlib's objects are not safe to share between threads: each thread has its own."""

    def __init__(self, *, detection_side: int = DETECTION_SIDE, upsample: int = 1) -> None:
        self._side = detection_side
        self._upsample = upsample
        self._own = threading.local()

    def detect(self, picture: Image.Image) -> list[Detection]:
        """Faces of an upright RGB picture, largest first."""
        scale = min(1.0, self._side / max(picture.size))
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        small = picture if scale == 1.0 else picture.resize(size, Image.Resampling.BILINEAR)
        boxes, scores, _ = self._hog().run(np.asarray(small), self._upsample)
        found = [self._cut(picture, scale, box, score) for box, score in zip(boxes, scores, strict=True)]
        return sorted(found, key=lambda item: -item.size)

    def _hog(self) -> "dlib.fhog_object_detector":
        if not hasattr(self._own, "hog"):
            self._own.hog = dlib.get_frontal_face_detector()
        return self._own.hog

    def _landmarks(self) -> "dlib.shape_predictor":
        if not hasattr(self._own, "landmarks"):
            self._own.landmarks = dlib.shape_predictor(str(model_path(LANDMARKS_FILE)))
        return self._own.landmarks

    def _cut(self, picture: Image.Image, scale: float, box: "dlib.rectangle", score: float) -> Detection:
        left, top = box.left() / scale, box.top() / scale
        right, bottom = (box.right() + 1) / scale, (box.bottom() + 1) / scale
        side = max(right - left, bottom - top)
        room = side * MARGIN
        around = (left - room, top - room, right + room, bottom + room)
        frame = tuple(round(value) for value in around)
        crop = picture.crop(frame)  # outside of the picture it is black
        zoom = min(1.0, 4 * CHIP_SIDE / max(crop.size))
        if zoom < 1.0:
            target = (round(crop.width * zoom), round(crop.height * zoom))
            crop = crop.resize(target, Image.Resampling.BOX)
        inner = dlib.rectangle(
            round((left - frame[0]) * zoom),
            round((top - frame[1]) * zoom),
            round((right - frame[0]) * zoom),
            round((bottom - frame[1]) * zoom),
        )
        return Detection(left, top, right, bottom, float(score), self._chip(crop, inner))

    def _chip(self, crop: Image.Image, box: "dlib.rectangle") -> Pixels:
        """Aligned by its landmarks; a rolled head is turned upright first and measured again."""
        pixels = np.asarray(crop)
        shape = self._landmarks()(pixels, box)
        roll = _roll(shape)
        if abs(roll) > ROLL_WORTH_CORRECTING:
            centre = (box.center().x, box.center().y)
            turned = crop.rotate(math.degrees(roll), Image.Resampling.BILINEAR, center=centre)
            pixels = np.asarray(turned)
            shape = self._landmarks()(pixels, box)
        chip: Pixels = dlib.get_face_chip(pixels, shape, size=CHIP_SIDE, padding=CHIP_PADDING)
        return chip


def _roll(shape: "dlib.full_object_detection") -> float:
    """Of the line through the eyes, in radians, clockwise positive.

    Points 0-1 and 2-3 are the corners of the eyes.
    """
    points = [(shape.part(index).x, shape.part(index).y) for index in range(4)]
    right_eye = ((points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2)
    left_eye = ((points[2][0] + points[3][0]) / 2, (points[2][1] + points[3][1]) / 2)
    return math.atan2(right_eye[1] - left_eye[1], right_eye[0] - left_eye[0])
