"""Text over a picture: tiled before a purchase, one discreet mark after it."""

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from acme_media.images.pixels import Pixels

SHADOW_OFFSET = 2


@dataclass(frozen=True)
class WatermarkProfile:
    text: str
    tile_opacity: float = 0.38
    mark_opacity: float = 0.55
    angle: float = 30.0
    """Degrees, counter-clockwise."""


@dataclass(frozen=True)
class Ink:
    """What a mark does to what is under it: `pixel * keeps / 255 + adds`. As large as the area."""

    keeps: Pixels
    adds: Pixels

    def over(self, area: Pixels) -> Pixels:
        kept = cv2.multiply(area, self.keeps, scale=1 / 255)
        return np.asarray(cv2.add(kept, self.adds), np.uint8)


def tiled(pixels: Pixels, profile: WatermarkProfile) -> Pixels:
    """Over the whole picture, so that no part of it is worth cutting out."""
    height, width = pixels.shape[:2]
    return ink_of_tiles(profile, width, height).over(pixels)


def mark(pixels: Pixels, profile: WatermarkProfile) -> None:
    """One line in the lower right corner, written into the picture itself."""
    height, width = pixels.shape[:2]
    size = max(10, max(width, height) // 60)
    ink = ink_of_line(profile, size, max(1, width - 2 * (size // 2)))
    ink_height, ink_width = ink.keeps.shape[:2]
    top, left = max(0, height - ink_height - size // 2), max(0, width - ink_width - size // 2)
    area = pixels[top : top + ink_height, left : left + ink_width]
    area[:] = Ink(ink.keeps[: area.shape[0]], ink.adds[: area.shape[0]]).over(area)


@lru_cache(maxsize=4)
def ink_of_tiles(profile: WatermarkProfile, width: int, height: int) -> Ink:
    """An event's photos come in a few sizes."""
    size = max(14, max(width, height) // 36)
    stamp = _stamp(profile.text, size, profile.angle)
    mask = Image.new("L", (width, height))
    step_x, step_y = stamp.width + size, stamp.height + size
    for row, top in enumerate(range(-stamp.height // 2, height, step_y)):
        start = -stamp.width // 2 - (row % 2) * step_x // 2
        for left in range(start, width, step_x):
            mask.paste(stamp, (left, top), stamp)
    return _ink(mask, profile.tile_opacity)


@lru_cache(maxsize=32)
def ink_of_line(profile: WatermarkProfile, size: int, max_width: int) -> Ink:
    stamp = _stamp(profile.text, size, 0.0)
    if stamp.width > max_width:
        stamp = stamp.resize((max_width, max(1, stamp.height * max_width // stamp.width)))
    return _ink(stamp, profile.mark_opacity)


@lru_cache(maxsize=32)
def _stamp(text: str, size: int, angle: float) -> Image.Image:
    """The text as a mask, drawn once per size."""
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(text)
    mask = Image.new("L", (math.ceil(right - left) + 4, math.ceil(bottom - top) + 4))
    ImageDraw.Draw(mask).text((2 - left, 2 - top), text, font=font, fill=255)
    return mask.rotate(angle, Image.Resampling.BICUBIC, expand=True) if angle else mask


def _ink(mask: Image.Image, opacity: float) -> Ink:
    """White with a dark shadow a little off, so that it shows on light and dark."""
    white = np.asarray(mask, np.float32) * opacity / 255
    shadow = np.zeros_like(white)
    shadow[SHADOW_OFFSET:, SHADOW_OFFSET:] = white[:-SHADOW_OFFSET, :-SHADOW_OFFSET]
    keeps = np.rint(255 * (1 - shadow) * (1 - white)).astype(np.uint8)
    adds = np.rint(255 * white).astype(np.uint8)
    return Ink(_in_channels(keeps), _in_channels(adds))


def _in_channels(plane: Pixels) -> Pixels:
    return np.repeat(plane[:, :, np.newaxis], 3, axis=2)
