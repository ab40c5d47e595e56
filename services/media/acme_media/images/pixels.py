"""Pictures as arrays: RGB of eight bits in sRGB, height x width x 3, upright."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from acme_core.screens import fitting

__all__ = ["Pixels", "Pyramid", "fitting", "shrunk", "upright"]

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


def shrunk(pixels: Pixels, max_side: int) -> Pixels:
    return Pyramid(pixels).shrunk(max_side)


class Pyramid:
    """A picture, and its halves that were needed so far: each size is made from the nearest larger one.

    Halved by area for as long as it is twice too large, then cubic: below a factor of two a cubic kernel
    hardly aliases, and costs a fifth of one that follows the factor; the result is nearer to Lanczos' than by
    area alone. `benchmarks/images.py` has the figures.
    """

    def __init__(self, pixels: Pixels) -> None:
        self._levels = [pixels]

    @property
    def pixels(self) -> Pixels:
        """In full, to be written into."""
        if not self._levels[0].flags.writeable:
            self._levels[0] = self._levels[0].copy()
        return self._levels[0]

    def shrunk(self, max_side: int) -> Pixels:
        """The picture itself when it is no larger."""
        full = self._levels[0]
        target = fitting(full.shape[1], full.shape[0], max_side)
        level = self._above(target)
        if level is full and (full.shape[1], full.shape[0]) == target:
            return full
        return _resized(level, target, cv2.INTER_CUBIC)

    def drawable(self, max_side: int) -> Pixels:
        """Likewise, and never the picture itself: to be drawn upon."""
        small = self.shrunk(max_side)
        return small.copy() if small is self._levels[0] else small

    def _above(self, target: tuple[int, int]) -> Pixels:
        """The smallest level that is not smaller."""
        for level in self._levels:
            if not _is_twice(level, target):
                return level
        while _is_twice(self._levels[-1], target):
            last = self._levels[-1]
            self._levels.append(_resized(last, (last.shape[1] // 2, last.shape[0] // 2), cv2.INTER_AREA))
        return self._levels[-1]


def _is_twice(pixels: Pixels, target: tuple[int, int]) -> bool:
    height, width = pixels.shape[:2]
    return bool(width >= 2 * target[0] and height >= 2 * target[1])


def _resized(pixels: Pixels, size: tuple[int, int], kernel: int) -> Pixels:
    if (pixels.shape[1], pixels.shape[0]) == size:
        return pixels.copy()
    return np.asarray(cv2.resize(pixels, size, interpolation=kernel), np.uint8)
