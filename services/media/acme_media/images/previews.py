"""A design, looked at before any photo carries it."""

from pathlib import Path
from typing import Final

import cv2
import numpy as np

from acme_core.watermarks import Layout
from acme_media.images.decode import load_pixels
from acme_media.images.encode import jpeg
from acme_media.images.pixels import Pixels, Pyramid
from acme_media.images.watermark import WatermarkProfile, mark

SIDE: Final = 1200
QUALITY: Final = 85
_SAMPLE: Final = (1200, 800)


def design_preview(path: Path | None, profile: WatermarkProfile, layout: Layout, *, max_pixels: int) -> bytes:
    """Over the photo, or over a sample. Raises `ImageRejectedError`."""
    pixels = _sample() if path is None else load_pixels(path, max_pixels=max_pixels, least_side=SIDE)
    drawn = Pyramid(pixels).drawable(SIDE)
    mark(drawn, profile, layout)
    return jpeg(drawn, quality=QUALITY)


def _sample() -> Pixels:
    """An evening sky over a dark stage with three lights: a mark must show on light, dark and colour."""
    width, height = _SAMPLE
    down = np.linspace(0, 1, height, dtype=np.float32)[:, np.newaxis, np.newaxis]
    sky, ground = np.array([250, 214, 165], np.float32), np.array([24, 26, 44], np.float32)
    shades = (sky * (1 - down) + ground * down).astype(np.uint8)
    pixels = np.ascontiguousarray(np.broadcast_to(shades, (height, width, 3)))
    for share, colour in ((0.2, (214, 60, 70)), (0.5, (245, 240, 225)), (0.8, (60, 120, 210))):
        cv2.circle(pixels, (round(width * share), round(height * 0.62)), height // 7, colour, -1, cv2.LINE_AA)
    return pixels
