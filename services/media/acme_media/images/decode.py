"""An upright sRGB picture, whatever the file was.

Most files are JPEGs in sRGB: TurboJPEG decodes these. Pillow does all else, and what TurboJPEG refuses.
"""

import io
from functools import lru_cache
from pathlib import Path

import numpy as np
import simplejpeg
from PIL import ExifTags, Image, ImageCms, ImageOps

from acme_media.images.pixels import Pixels, fitting, shrunk, upright
from acme_media.images.probe import opened

_SRGB = ImageCms.createProfile("sRGB")


def load_pixels(path: Path, *, max_pixels: int, least_side: int | None = None) -> Pixels:
    """In full, or, of a JPEG, at the smallest scale that is no shorter than `least_side`.

    Raises `ImageRejectedError`.
    """
    with opened(path, max_pixels=max_pixels) as picture:
        pixels = _by_turbojpeg(path, picture, least_side)
        return _by_pillow(picture, least_side) if pixels is None else pixels


def load_upright(path: Path, *, max_pixels: int, max_side: int) -> Image.Image:
    """As a Pillow image, no longer than `max_side`. Raises `ImageRejectedError`."""
    return Image.fromarray(shrunk(load_pixels(path, max_pixels=max_pixels, least_side=max_side), max_side))


def _by_turbojpeg(path: Path, picture: Image.Image, least_side: int | None) -> Pixels | None:
    """None for what is no plain JPEG, or a damaged one: Pillow says what is wrong with it."""
    if picture.format not in {"JPEG", "MPO"} or picture.mode not in {"RGB", "L"}:
        return None
    if not _is_srgb(picture.info.get("icc_profile") or b""):
        return None
    width, height = (0, 0) if least_side is None else fitting(*picture.size, least_side)
    try:
        pixels = simplejpeg.decode_jpeg(path.read_bytes(), "RGB", min_width=width, min_height=height)
    except ValueError:
        return None
    return upright(pixels, picture.getexif().get(ExifTags.Base.Orientation, 1))


def _by_pillow(picture: Image.Image, least_side: int | None) -> Pixels:
    if least_side is not None:
        _draft(picture, least_side)
    picture.load()
    return np.asarray(_to_srgb(ImageOps.exif_transpose(picture)), np.uint8)


@lru_cache(maxsize=64)
def _is_srgb(profile: bytes) -> bool:
    """Without a profile, it is what browsers take it for."""
    if not profile:
        return True
    try:
        return "srgb" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))).lower()
    except (ImageCms.PyCMSError, OSError, ValueError):
        return False


def _draft(picture: Image.Image, least_side: int) -> None:
    """In the picture's own proportions: a square box would not reduce it."""
    scale = least_side / max(picture.size)
    if scale < 1.0:
        picture.draft("RGB", (round(picture.width * scale), round(picture.height * scale)))


def _to_srgb(picture: Image.Image) -> Image.Image:
    flat = _flattened(picture)
    profile = picture.info.get("icc_profile")
    if profile:
        converted = _converted(flat, profile)
        if converted is not None:
            return converted
    return flat if flat.mode == "RGB" else flat.convert("RGB")


def _flattened(picture: Image.Image) -> Image.Image:
    """Without transparency, eight bits a channel."""
    if picture.mode.startswith("I") or picture.mode == "F":
        scaled = picture.convert("I").point(lambda value: value / 256)
        return scaled.convert("L")
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        overlay = picture.convert("RGBA")
        paper = Image.new("RGBA", overlay.size, "white")
        return Image.alpha_composite(paper, overlay).convert("RGB")
    return picture.convert("RGB") if picture.mode in {"P", "1", "YCbCr", "HSV", "LAB"} else picture


def _converted(picture: Image.Image, profile: bytes) -> Image.Image | None:
    """None when the profile is broken or of another colour space: then the pixels stand as they are."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
