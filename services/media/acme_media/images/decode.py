"""An upright sRGB picture, whatever the file was."""

import io
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from acme_media.images.probe import opened

_SRGB = ImageCms.createProfile("sRGB")


def load_upright(
    path: Path, *, max_pixels: int, max_side: int | None = None, oversampling: int = 1
) -> Image.Image:
    """RGB, turned as the camera meant, in sRGB, no longer than `max_side`.

    A JPEG is decoded at the smallest scale that still gives `oversampling` times that, and then shrunk.
    Raises `ImageRejectedError`.
    """
    with opened(path, max_pixels=max_pixels) as picture:
        if max_side is not None:
            _draft(picture, max_side * oversampling)
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        rgb = _to_srgb(upright)
        if max_side is not None and max(rgb.size) > max_side:
            rgb = shrink(rgb, max_side)
        return rgb


def shrink(picture: Image.Image, max_side: int) -> Image.Image:
    """A copy that fits; never enlarged."""
    scale = min(1.0, max_side / max(picture.size))
    if scale == 1.0:
        return picture.copy()
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _draft(picture: Image.Image, max_side: int) -> None:
    """In the picture's own proportions: a square box would not reduce it."""
    scale = max_side / max(picture.size)
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
