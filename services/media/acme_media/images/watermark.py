"""A text or a logo over a picture, tiled or at one of nine places."""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from acme_core.watermarks import Layout, Placement, WatermarkDesign
from acme_media.images.pixels import Pixels

SHADOW_OFFSET: Final = 2
LEAST_TEXT_PX: Final = 10
MOST_TEXT_SIZE: Final = 0.2
MOST_KEPT_PX: Final = 1024
TEXT_SIZES: Final = {True: 1 / 36, False: 1 / 60}
"""Of tiles, and of a single mark."""
LOGO_SIZES: Final = {True: 1 / 8, False: 1 / 10}
_START, _MIDDLE, _END = 0.0, 0.5, 1.0
_PLACES: Final = {
    Placement.TOP_LEFT: (_START, _START),
    Placement.TOP: (_MIDDLE, _START),
    Placement.TOP_RIGHT: (_END, _START),
    Placement.LEFT: (_START, _MIDDLE),
    Placement.CENTER: (_MIDDLE, _MIDDLE),
    Placement.RIGHT: (_END, _MIDDLE),
    Placement.BOTTOM_LEFT: (_START, _END),
    Placement.BOTTOM: (_MIDDLE, _END),
    Placement.BOTTOM_RIGHT: (_END, _END),
}


@dataclass(frozen=True)
class WatermarkProfile:
    """A design with what it needs to be drawn."""

    text: str
    logo: bytes | None = None
    """A PNG that we have made ourselves; it stands for the text."""
    design: WatermarkDesign = field(default_factory=WatermarkDesign)


@dataclass(frozen=True)
class Content:
    text: str
    logo: bytes | None


@dataclass(frozen=True)
class Ink:
    """What a mark does to what is under it: `pixel * keeps / 255 + adds`. As large as the mark."""

    keeps: Pixels
    adds: Pixels

    @property
    def size(self) -> tuple[int, int]:
        height, width = self.keeps.shape[:2]
        return width, height

    def write(self, pixels: Pixels, left: int, top: int) -> None:
        """What lies outside of the picture is left out."""
        height, width = pixels.shape[:2]
        rows = slice(max(0, top), min(height, top + self.size[1]))
        columns = slice(max(0, left), min(width, left + self.size[0]))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        own = (
            slice(rows.start - top, rows.stop - top),
            slice(columns.start - left, columns.stop - left),
        )
        area = pixels[rows, columns]
        area[:] = cv2.add(cv2.multiply(area, self.keeps[own], scale=1 / 255), self.adds[own])


def mark(pixels: Pixels, profile: WatermarkProfile, layout: Layout) -> None:
    """Writes into the picture itself: a copy would cost as much memory again."""
    height, width = pixels.shape[:2]
    long_side, is_tile = max(width, height), layout.placement is Placement.TILE
    sizes = TEXT_SIZES if profile.logo is None else LOGO_SIZES
    most = MOST_TEXT_SIZE if profile.logo is None else 1.0
    size = max(LEAST_TEXT_PX, int(long_side * min(layout.size or sizes[is_tile], most)))
    margin = int(long_side * layout.margin)
    room = long_side if is_tile else max(1, width - 2 * margin)
    ink = ink_of(Content(profile.text, profile.logo), size, layout.opacity, layout.angle, room)
    for left, top in places(layout.placement, (width, height), ink.size, margin):
        ink.write(pixels, left, top)


def places(
    placement: Placement, picture: tuple[int, int], stamp: tuple[int, int], margin: int
) -> Iterator[tuple[int, int]]:
    """Left and top of each stamp."""
    if placement is Placement.TILE:
        yield from _tiles(picture, stamp, margin)
        return
    across, down = _PLACES[placement]
    yield (_place(picture[0], stamp[0], margin, across), _place(picture[1], stamp[1], margin, down))


def _tiles(picture: tuple[int, int], stamp: tuple[int, int], gap: int) -> Iterator[tuple[int, int]]:
    """Over the whole picture, so that no part of it is worth cutting out; every second row is shifted."""
    step_x, step_y = stamp[0] + gap, stamp[1] + gap
    for row, top in enumerate(range(-stamp[1] // 2, picture[1], step_y)):
        start = -stamp[0] // 2 - (row % 2) * step_x // 2
        yield from ((left, top) for left in range(start, picture[0], step_x))


def _place(room: int, length: int, margin: int, share: float) -> int:
    return max(0, round(margin + (room - 2 * margin - length) * share))


def ink_of(content: Content, size: int, opacity: float, angle: float, room: int) -> Ink:
    """An event's photos come in a few sizes; the largest marks are drawn anew, for they would fill memory."""
    make = _kept_ink if size <= MOST_KEPT_PX else _made_ink
    return make(content, size, opacity, angle, room)


def _made_ink(content: Content, size: int, opacity: float, angle: float, room: int) -> Ink:
    stamp = _text_stamp(content.text, size, room) if content.logo is None else _logo_stamp(content.logo, size)
    if angle:
        stamp = stamp.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    if stamp.width > room:
        stamp = stamp.resize((room, max(1, stamp.height * room // stamp.width)))
    return _ink(stamp, opacity)


_kept_ink = lru_cache(maxsize=16)(_made_ink)


def _text_stamp(text: str, size: int, room: int) -> Image.Image:
    """White with a dark shadow a little off, so that it shows on light and dark. Smaller where it is long."""
    length = ImageFont.load_default(LEAST_TEXT_PX).getlength(text) / LEAST_TEXT_PX
    font = ImageFont.load_default(min(size, max(LEAST_TEXT_PX, int(room / max(length, 1)))))
    left, top, right, bottom = font.getbbox(text)
    box = (math.ceil(right - left) + 4, math.ceil(bottom - top) + 4)
    shadow, white = Image.new("RGBA", box, (0, 0, 0, 0)), Image.new("RGBA", box, (255, 255, 255, 0))
    at = (2 - left, 2 - top)
    shifted = (at[0] + SHADOW_OFFSET, at[1] + SHADOW_OFFSET)
    ImageDraw.Draw(shadow).text(shifted, text, font=font, fill=(0, 0, 0, 255))
    ImageDraw.Draw(white).text(at, text, font=font, fill=(255, 255, 255, 255))
    return Image.alpha_composite(shadow, white)


def _logo_stamp(logo: bytes, size: int) -> Image.Image:
    with Image.open(io.BytesIO(logo)) as picture:
        scale = size / max(picture.size)
        box = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
        return picture.convert("RGBA").resize(box, Image.Resampling.LANCZOS)


def _ink(stamp: Image.Image, opacity: float) -> Ink:
    pixels = np.asarray(stamp)
    cover = np.repeat(pixels[:, :, 3:], 3, axis=2)
    adds = cv2.multiply(np.ascontiguousarray(pixels[:, :, :3]), cover, scale=opacity / 255)
    keeps = 255 - cv2.convertScaleAbs(cover, alpha=opacity)
    return Ink(np.asarray(keeps, np.uint8), np.asarray(adds, np.uint8))
