"""What can be measured on an aligned face: whether it is sharp, and whether it is lit."""

import numpy as np

from acme_media.faces.values import Pixels

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_CENTRE = slice(30, 120)
"""Of the 150 px chip: the face without the background around it."""
BLURRED = 12.0
"""Below it the embedding is no longer dependable: a blur of 2 % of the chip's side on a clean portrait."""
DARK = 30.0


def _luma(chip: Pixels) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    grey: np.ndarray[tuple[int, ...], np.dtype[np.float32]] = (
        chip[_CENTRE, _CENTRE].astype(np.float32) @ _LUMA
    )
    return grey


def sharpness(chip: Pixels) -> float:
    """Variance of the Laplacian, relative to the contrast of the face, times 1000.

    Relative, so that a soft light is not taken for a soft focus.
    """
    grey = _luma(chip)
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * grey[1:-1, 1:-1]
    return float(1000.0 * laplacian.var() / max(float(grey.var()), 25.0))


def brightness(chip: Pixels) -> float:
    return float(_luma(chip).mean())
