"""Short numbers that stand for a picture."""

import base64
from typing import Final

import cv2
import numpy as np
import thumbhash
from PIL import Image

from acme_media.images.pixels import Pixels, shrunk

THUMBHASH_SIDE: Final = 32
_PLANE, _WAVES = 32, 8


def thumbhash_of(pixels: Pixels) -> str:
    """Base64."""
    tiny = Image.fromarray(shrunk(pixels, THUMBHASH_SIDE)).convert("RGBA")
    digest = thumbhash.rgba_to_thumb_hash(tiny.width, tiny.height, list(tiny.tobytes()))
    return base64.b64encode(bytes(digest)).decode()


def perceptual_hash(pixels: Pixels) -> int:
    """64 bits, as a signed number: which of the slowest waves of the grey picture are above their median.

    Pictures of one moment differ in a few bits, others in about half of them.
    """
    grey = cv2.resize(
        cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), (_PLANE, _PLANE), interpolation=cv2.INTER_AREA
    )
    waves = np.asarray(cv2.dct(grey.astype(np.float32)))[:_WAVES, :_WAVES].ravel()
    bits = np.packbits(waves > np.median(waves[1:]))
    return int.from_bytes(bits.tobytes(), "big", signed=True)
