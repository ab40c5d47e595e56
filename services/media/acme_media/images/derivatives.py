"""The pictures made from an original. Their metadata are chosen, not copied: never a place."""

import base64
from dataclasses import dataclass
from datetime import datetime

import thumbhash
from PIL import Image

from acme_media.images.encode import exif_of, jpeg, small_jpeg
from acme_media.images.pixels import Pixels, shrunk
from acme_media.images.watermark import WatermarkProfile, mark, tiled

THUMBNAIL_SIDE = 400
PREVIEW_SIDE = 2048
THUMBHASH_SIDE = 32
CONTENT_TYPE = "image/jpeg"


@dataclass(frozen=True)
class Thumbnail:
    jpeg: bytes
    thumbhash: str
    """Base64."""


def thumbnail_of(pixels: Pixels) -> Thumbnail:
    small = shrunk(pixels, THUMBNAIL_SIDE)
    return Thumbnail(small_jpeg(small, quality=82), _thumbhash(small))


@dataclass(frozen=True)
class Watermarked:
    preview: bytes
    deliverable: bytes


def watermarked_of(pixels: Pixels, profile: WatermarkProfile, taken_at: datetime | None) -> Watermarked:
    """The deliverable has the upright original's pixel size.

    Writes the mark into `pixels`: a copy would cost as much memory again.
    """
    preview = tiled(shrunk(pixels, PREVIEW_SIDE), profile)
    pixels = pixels if pixels.flags.writeable else pixels.copy()
    mark(pixels, profile)
    return Watermarked(
        preview=jpeg(preview, quality=80),
        deliverable=jpeg(pixels, quality=92, exif=exif_of(profile.text, taken_at)),
    )


def _thumbhash(pixels: Pixels) -> str:
    tiny = Image.fromarray(shrunk(pixels, THUMBHASH_SIDE)).convert("RGBA")
    digest = thumbhash.rgba_to_thumb_hash(tiny.width, tiny.height, list(tiny.tobytes()))
    return base64.b64encode(bytes(digest)).decode()
