"""Text over a picture: tiled before a purchase, one discreet mark after it."""

import math
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont


@dataclass(frozen=True)
class WatermarkProfile:
    text: str
    tile_opacity: float = 0.38
    mark_opacity: float = 0.55
    angle: float = 30.0
    """Degrees, counter-clockwise."""


def tiled(picture: Image.Image, profile: WatermarkProfile) -> Image.Image:
    """Over the whole picture, so that no part of it is worth cutting out."""
    size = max(14, max(picture.size) // 36)
    stamp = _stamp(profile.text, size, profile.angle)
    mask = Image.new("L", picture.size)
    step_x, step_y = stamp.width + size, stamp.height + size
    for row, top in enumerate(range(-stamp.height // 2, picture.height, step_y)):
        start = -stamp.width // 2 - (row % 2) * step_x // 2
        for left in range(start, picture.width, step_x):
            mask.paste(stamp, (left, top), stamp)
    return _blended(picture, mask, profile.tile_opacity)


def marked(picture: Image.Image, profile: WatermarkProfile) -> Image.Image:
    """One line in the lower right corner; the picture keeps its size."""
    size = max(10, max(picture.size) // 60)
    stamp = _stamp(profile.text, size, 0.0)
    largest = max(1, picture.width - 2 * (size // 2))
    if stamp.width > largest:
        stamp = stamp.resize((largest, max(1, stamp.height * largest // stamp.width)))
    margin = size // 2
    position = (picture.width - stamp.width - margin, picture.height - stamp.height - margin)
    result = picture.copy()
    corner = (max(0, position[0]), max(0, position[1]))
    area = result.crop((*corner, corner[0] + stamp.width, corner[1] + stamp.height))
    result.paste(_blended(area, stamp, profile.mark_opacity), corner)
    return result


@lru_cache(maxsize=32)
def _stamp(text: str, size: int, angle: float) -> Image.Image:
    """The text as a mask, drawn once per size."""
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(text)
    mask = Image.new("L", (math.ceil(right - left) + 4, math.ceil(bottom - top) + 4))
    ImageDraw.Draw(mask).text((2 - left, 2 - top), text, font=font, fill=255)
    return mask.rotate(angle, Image.Resampling.BICUBIC, expand=True) if angle else mask


def _blended(picture: Image.Image, mask: Image.Image, opacity: float) -> Image.Image:
    """White with a dark shadow a little off, so that it shows on light and dark."""
    strength = mask.point([round(value * opacity) for value in range(256)])
    shadow = Image.new("L", mask.size)
    shadow.paste(strength, (2, 2))
    dark = Image.composite(Image.new("RGB", picture.size, "black"), picture, shadow)
    return Image.composite(Image.new("RGB", picture.size, "white"), dark, strength)
