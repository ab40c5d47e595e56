"""Faces made unrecognisable, in full size and before anything else is made of the picture."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from acme_core.faces import FaceBox
from acme_media.images.pixels import Pixels

MARGIN: Final = 0.3
"""Of the box, on each side: hair, ears and chin tell who it is, too."""
CELLS: Final = 5
"""What is kept of a face is so many colours a side: nothing brings back what is between them."""


def blur_faces(pixels: Pixels, boxes: Sequence[FaceBox]) -> None:
    """Writes into the picture."""
    height, width = pixels.shape[:2]
    for box in boxes:
        left, right = _stretch(box.left, box.width, width)
        top, bottom = _stretch(box.top, box.height, height)
        if right > left and bottom > top:
            pixels[top:bottom, left:right] = _smeared(pixels[top:bottom, left:right])


def _stretch(start: float, size: float, limit: int) -> tuple[int, int]:
    margin = size * MARGIN
    first, last = (start - margin) * limit, (start + size + margin) * limit
    return max(0, int(first)), min(limit, int(np.ceil(last)))


def _smeared(face: Pixels) -> Pixels:
    height, width = face.shape[:2]
    coarse = cv2.resize(face, (min(CELLS, width), min(CELLS, height)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
