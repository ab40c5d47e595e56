"""The pictures made from an original. Their metadata are chosen, not copied: never a place."""

import base64
import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import thumbhash
from PIL import ExifTags, Image

from acme_media.images.decode import load_upright, shrink
from acme_media.images.watermark import WatermarkProfile, marked, tiled

THUMBNAIL_SIDE = 400
PREVIEW_SIDE = 2048
THUMBHASH_SIDE = 32
CONTENT_TYPE = "image/jpeg"


@dataclass(frozen=True)
class Thumbnail:
    jpeg: bytes
    thumbhash: str
    """Base64."""


def make_thumbnail(path: Path, *, max_pixels: int) -> Thumbnail:
    """Raises `ImageRejectedError`, for a file that ends early too."""
    small = load_upright(path, max_pixels=max_pixels, max_side=THUMBNAIL_SIDE, oversampling=2)
    return Thumbnail(_jpeg(small, quality=82), _thumbhash(small))


@dataclass(frozen=True)
class Watermarked:
    preview: bytes
    deliverable: bytes


def make_watermarked(
    path: Path, profile: WatermarkProfile, *, max_pixels: int, taken_at: datetime | None
) -> Watermarked:
    """Decoded once for both. The deliverable has the upright original's pixel size."""
    picture = load_upright(path, max_pixels=max_pixels)
    preview = tiled(shrink(picture, PREVIEW_SIDE), profile)
    exif = _exif(profile.text, taken_at)
    return Watermarked(
        preview=_jpeg(preview, quality=80),
        deliverable=_jpeg(marked(picture, profile), quality=92, exif=exif, subsampling="4:4:4"),
    )


def _jpeg(
    picture: Image.Image, *, quality: int, exif: Image.Exif | None = None, subsampling: str = "4:2:0"
) -> bytes:
    buffer = io.BytesIO()
    options = {"exif": exif.tobytes()} if exif is not None else {}
    picture.save(buffer, "JPEG", quality=quality, subsampling=subsampling, progressive=False, **options)
    return buffer.getvalue()


def _exif(copyright_holder: str, taken_at: datetime | None) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Copyright] = copyright_holder.encode("ascii", "replace").decode()
    if taken_at is not None:
        fields = exif.get_ifd(ExifTags.IFD.Exif)
        fields[ExifTags.Base.DateTimeOriginal] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
        fields[ExifTags.Base.OffsetTimeOriginal] = "+00:00"
    return exif


def _thumbhash(picture: Image.Image) -> str:
    tiny = picture.copy()
    tiny.thumbnail((THUMBHASH_SIDE, THUMBHASH_SIDE), Image.Resampling.BOX)
    pixels = list(tiny.convert("RGBA").tobytes())
    digest = thumbhash.rgba_to_thumb_hash(tiny.width, tiny.height, pixels)
    return base64.b64encode(bytes(digest)).decode()
