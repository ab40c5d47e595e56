"""Pictures as arrays: RGB of eight bits in sRGB, height x width x 3, upright."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

cv2.setNumThreads(1)  # a worker has a process for each core

_QUARTER_TURNS: Final = {3: cv2.ROTATE_180, 6: cv2.ROTATE_90_CLOCKWISE, 8: cv2.ROTATE_90_COUNTERCLOCKWISE}
_UP_DOWN, _LEFT_RIGHT, _BOTH = 0, 1, -1


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """As the camera meant it; `orientation` is EXIF's, 1 to 8, and anything else is 1."""
    match orientation:
        case 2:
            turned = cv2.flip(pixels, _LEFT_RIGHT)
        case 4:
            turned = cv2.flip(pixels, _UP_DOWN)
        case 5:
            turned = cv2.transpose(pixels)
        case 7:
            turned = cv2.flip(cv2.transpose(pixels), _BOTH)
        case 3 | 6 | 8:
            turned = cv2.rotate(pixels, _QUARTER_TURNS[orientation])
        case _:
            return pixels
    return np.asarray(turned, np.uint8)


def fitting(width: int, height: int, max_side: int) -> tuple[int, int]:
    """Width and height in the same proportions, the longer of them `max_side`; never enlarged."""
    scale = min(1.0, max_side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def shrunk(pixels: Pixels, max_side: int) -> Pixels:
    """Halved by area for as long as it is twice too large, then cubic.

    Below a factor of two a cubic kernel hardly aliases, and costs a fifth of one that follows the factor; the
    result is nearer to Lanczos' than by area alone. `benchmarks/images.py` has the figures.
    """
    target = fitting(pixels.shape[1], pixels.shape[0], max_side)
    width, height = pixels.shape[1], pixels.shape[0]
    while width >= 2 * target[0] and height >= 2 * target[1]:
        width, height = width // 2, height // 2
        pixels = _resized(pixels, (width, height), cv2.INTER_AREA)
    return pixels if (width, height) == target else _resized(pixels, target, cv2.INTER_CUBIC)


def _resized(pixels: Pixels, size: tuple[int, int], kernel: int) -> Pixels:
    return np.asarray(cv2.resize(pixels, size, interpolation=kernel), np.uint8)
