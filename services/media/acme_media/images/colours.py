"""From what a file's numbers mean to what ours do: sRGB, eight bits, no transparency."""

import io
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

import numpy as np
from PIL import Image, ImageCms

from acme_media.images.pixels import Pixels

BAND_ROWS: Final = 512
"""Converted at once: more would only hold copies of a large picture in memory."""
_SRGB: Final = ImageCms.createProfile("sRGB")
_BROKEN: Final = (ImageCms.PyCMSError, OSError, ValueError, TypeError)
Converter = Callable[[Image.Image], Image.Image]


@lru_cache(maxsize=64)
def is_srgb(profile: bytes) -> bool:
    """Without a profile, it is what browsers take it for."""
    if not profile:
        return True
    try:
        return "srgb" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))).lower()
    except _BROKEN:
        return False


def to_srgb(picture: Image.Image) -> Pixels:
    """Of a loaded picture, as it lies in the file."""
    made = np.empty((picture.height, picture.width, 3), np.uint8)
    scale, convert = _scale_of(picture), None
    for top, bottom in _bands(picture.height):
        flat = _flattened(picture.crop((0, top, picture.width, bottom)), picture.info, scale)
        convert = convert or _converter(flat.mode, picture.info.get("icc_profile"))
        made[top:bottom] = np.asarray(convert(flat), np.uint8)
    return made


def _bands(height: int) -> Iterator[tuple[int, int]]:
    return ((top, min(top + BAND_ROWS, height)) for top in range(0, height, BAND_ROWS))


def _scale_of(picture: Image.Image) -> float:
    """To eight bits, of one wide channel: sixteen bits unless the numbers are of another scale."""
    if picture.mode != "F":
        return 1 / 257
    _, most = picture.getextrema()
    assert isinstance(most, float)  # noqa: S101 - a picture of one channel
    return 255.0 if most <= 1 else 1.0 if most <= 255 else 1 / 257  # noqa: PLR2004 - the two usual ranges


def _flattened(picture: Image.Image, info: dict[str | tuple[int, int], object], scale: float) -> Image.Image:
    """Without transparency, eight bits a channel."""
    if picture.mode.startswith("I") or picture.mode == "F":
        wide = np.asarray(picture, np.float32) * scale
        return Image.fromarray(np.rint(np.clip(wide, 0, 255)).astype(np.uint8))
    if picture.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in info:
        overlay = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", overlay.size, "white"), overlay).convert("RGB")
    return picture.convert("RGB") if picture.mode in {"P", "1", "YCbCr", "HSV", "LAB"} else picture


def _converter(mode: str, profile: object) -> Converter:
    """A profile that is broken or of another colour space is passed over: the pixels stand as they are."""
    if isinstance(profile, bytes) and profile and not (mode == "RGB" and is_srgb(profile)):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            transform = ImageCms.buildTransform(source, _SRGB, mode, "RGB")
        except _BROKEN:
            return _plainly
        return lambda band: ImageCms.applyTransform(band, transform) or band
    return _plainly


def _plainly(band: Image.Image) -> Image.Image:
    return band if band.mode == "RGB" else band.convert("RGB")
