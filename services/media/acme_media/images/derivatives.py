"""The pictures made from an original. Their metadata are chosen, not copied: never a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from acme_core.screens import PREVIEW_SIDE, SCREENS, Look, PictureFormat, Screen
from acme_media.images.encode import exif_of, jpeg, small_jpeg, webp
from acme_media.images.fingerprints import perceptual_hash, thumbhash_of
from acme_media.images.pixels import Pixels, Pyramid
from acme_media.images.watermark import WatermarkProfile, mark

THUMBNAIL_SIDE: Final = 400
CONTENT_TYPE: Final = "image/jpeg"
THUMBNAIL_QUALITY, SCREEN_QUALITY, WEBP_QUALITY, DELIVERABLE_QUALITY = 81, 80, 79, 92


@dataclass(frozen=True)
class Thumbnail:
    jpeg: bytes
    thumbhash: str
    """Base64."""
    perceptual_hash: int


def thumbnail_of(pyramid: Pyramid) -> Thumbnail:
    small = pyramid.shrunk(THUMBNAIL_SIDE)
    return Thumbnail(
        small_jpeg(small, quality=THUMBNAIL_QUALITY), thumbhash_of(small), perceptual_hash(small)
    )


@dataclass(frozen=True)
class Watermarked:
    preview: bytes
    screens: dict[Screen, bytes]
    deliverable: bytes


def watermarked_of(
    pyramid: Pyramid,
    profile: WatermarkProfile,
    taken_at: datetime | None,
    screens: Sequence[Screen] = SCREENS,
) -> Watermarked:
    """The deliverable has the upright original's pixel size, and is written into the pyramid's own pixels."""
    exif = exif_of(profile.text, taken_at)
    preview = pyramid.drawable(PREVIEW_SIDE)
    mark(preview, profile, profile.design.preview)
    made = _screens(pyramid, profile, screens, exif)
    pixels = pyramid.pixels
    mark(pixels, profile, profile.design.deliverable)
    return Watermarked(
        preview=jpeg(preview, quality=SCREEN_QUALITY, exif=exif),
        screens=made,
        deliverable=jpeg(pixels, quality=DELIVERABLE_QUALITY, exif=exif),
    )


def cleared_of(pyramid: Pyramid, profile: WatermarkProfile, taken_at: datetime | None) -> bytes:
    """In full, without a mark; before a mark is written into it."""
    return jpeg(pyramid.pixels, quality=DELIVERABLE_QUALITY, exif=exif_of(profile.text, taken_at))


def _screens(
    pyramid: Pyramid, profile: WatermarkProfile, screens: Sequence[Screen], exif: bytes
) -> dict[Screen, bytes]:
    """Each look is drawn once, whatever the formats."""
    drawn: dict[tuple[Look, int], Pixels] = {}
    made = {}
    for screen in screens:
        what = (screen.look, screen.side)
        if what not in drawn:
            drawn[what] = pyramid.drawable(screen.side)
            design = profile.design
            mark(
                drawn[what], profile, design.preview if screen.look is Look.PROTECTED else design.deliverable
            )
        made[screen] = _encoded(drawn[what], screen.format, exif)
    return made


def _encoded(pixels: Pixels, form: PictureFormat, exif: bytes) -> bytes:
    match form:
        case PictureFormat.JPEG:
            return jpeg(pixels, quality=SCREEN_QUALITY, exif=exif)
        case PictureFormat.WEBP:
            return webp(pixels, quality=WEBP_QUALITY, exif=exif)
