"""Two engines behind one interface: TurboJPEG for plain JPEGs, Pillow for everything.

Their pixels agree within what two inverse transforms differ: less than one step on average, and no more than
`TOLERANCE` anywhere. `tests/services/media/images/test_engines.py` holds them to it.
"""

import io
from typing import Final, Protocol

import simplejpeg
from PIL import Image

from acme_media.images.colours import is_srgb, to_srgb
from acme_media.images.metadata import orientation_of
from acme_media.images.pixels import Pixels, fitting, upright
from acme_media.images.probe import Opened

TOLERANCE: Final = 12


class Engine(Protocol):
    def decode(self, found: Opened, least_side: int | None) -> Pixels | None:
        """Upright, in sRGB, at the smallest known scale that is no shorter than `least_side`.

        None: this engine leaves such a file to the other.
        """

    def encode(self, pixels: Pixels, quality: int) -> bytes:
        """A baseline JPEG without metadata, its chroma at half of the resolution."""


class TurboEngine:
    def decode(self, found: Opened, least_side: int | None) -> Pixels | None:
        """None for what is no plain JPEG, or a damaged one: Pillow says what is wrong with it."""
        picture = found.picture
        if picture.format not in {"JPEG", "MPO"} or picture.mode not in {"RGB", "L"}:
            return None
        if not is_srgb(picture.info.get("icc_profile") or b""):
            return None
        width, height = (0, 0) if least_side is None else fitting(*picture.size, least_side)
        body = found.path.read_bytes()
        try:
            pixels = simplejpeg.decode_jpeg(body, "RGB", min_width=width, min_height=height)
        except ValueError:
            return None
        return upright(pixels, orientation_of(picture))

    def encode(self, pixels: Pixels, quality: int) -> bytes:
        encoded: bytes = simplejpeg.encode_jpeg(pixels, quality, "RGB", "420", fastdct=False)
        return encoded


class PillowEngine:
    def decode(self, found: Opened, least_side: int | None) -> Pixels:
        picture = found.picture
        if least_side is not None:
            _draft(picture, least_side)
        picture.load()
        return upright(to_srgb(picture), orientation_of(picture))

    def encode(self, pixels: Pixels, quality: int) -> bytes:
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "JPEG", quality=quality, subsampling="4:2:0")
        return buffer.getvalue()


TURBO, PILLOW = TurboEngine(), PillowEngine()


def decode(found: Opened, least_side: int | None) -> Pixels:
    pixels = TURBO.decode(found, least_side)
    return PILLOW.decode(found, least_side) if pixels is None else pixels


def _draft(picture: Image.Image, least_side: int) -> None:
    """In the picture's own proportions: a square box would not reduce it."""
    scale = least_side / max(picture.size)
    if scale < 1.0:
        picture.draft(None, (round(picture.width * scale), round(picture.height * scale)))
