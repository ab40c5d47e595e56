"""The sizes in which a photo is shown on screens, agreed between who makes them and who hands them out."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PREVIEW_SIDE: Final = 2048


class PictureFormat(StrEnum):
    JPEG = "jpeg"
    WEBP = "webp"

    @property
    def content_type(self) -> str:
        return f"image/{self}"


class Look(StrEnum):
    PROTECTED = "protected"
    """With the preview's watermark: for whoever has not bought the photo."""
    BRANDED = "branded"
    """With the deliverable's mark: for whoever has."""


@dataclass(frozen=True)
class Screen:
    look: Look
    side: int
    """Of the longer side, in pixels; of a smaller photo, its own."""
    format: PictureFormat

    @property
    def name(self) -> str:
        return f"{self.look}-{self.side}.{self.format}"


_MADE: Final = (
    (Look.PROTECTED, 800, PictureFormat.JPEG),
    (Look.PROTECTED, 800, PictureFormat.WEBP),
    (Look.PROTECTED, 1600, PictureFormat.JPEG),
    (Look.PROTECTED, 1600, PictureFormat.WEBP),
    (Look.BRANDED, 1600, PictureFormat.JPEG),
)
SCREENS: Final = tuple(Screen(*made) for made in _MADE)


def fitting(width: int, height: int, side: int) -> tuple[int, int]:
    """Width and height in the same proportions, the longer of them `side`; never enlarged."""
    scale = min(1.0, side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))
