"""An upright sRGB picture, whatever the file was."""

from pathlib import Path

from PIL import Image

from acme_media.images import engines
from acme_media.images.confined import decoded
from acme_media.images.pixels import Pixels, shrunk
from acme_media.images.probe import opened


def load_pixels(path: Path, *, max_pixels: int, least_side: int | None = None) -> Pixels:
    """In full, or, of a JPEG, at the smallest scale that is no shorter than `least_side`.

    What is no plain JPEG is decoded by a confined process. Raises `ImageRejectedError`.
    """
    with opened(path, max_pixels=max_pixels) as found:
        pixels = engines.TURBO.decode(found, least_side)
        return decoded(found.path, least_side, max_pixels=max_pixels) if pixels is None else pixels


def load_upright(path: Path, *, max_pixels: int, max_side: int) -> Image.Image:
    """As a Pillow image, no longer than `max_side`. Raises `ImageRejectedError`."""
    return Image.fromarray(shrunk(load_pixels(path, max_pixels=max_pixels, least_side=max_side), max_side))
