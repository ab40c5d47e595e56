"""What a file is, from its header: before a single pixel is decoded."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image, UnidentifiedImageError

from acme_core.photos import FailureCode
from acme_media.images.rejection import ImageRejectedError

CONTENT_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
}
_TRANSPOSING = {5, 6, 7, 8}


@dataclass(frozen=True)
class Probe:
    content_type: str
    width: int
    """Of the upright picture."""
    height: int
    taken_at: datetime | None
    """In UTC; a camera without an offset is taken to be in the project's time zone."""


@contextmanager
def opened(path: Path, *, max_pixels: int) -> Iterator[Image.Image]:
    """Raises `ImageRejectedError`, here and for what goes wrong while the block decodes."""
    if path.stat().st_size == 0:
        raise ImageRejectedError(FailureCode.EMPTY_FILE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is ours
            with Image.open(path) as picture:
                _require_acceptable(picture, max_pixels)
                yield picture
    except Image.DecompressionBombError as error:
        raise ImageRejectedError(FailureCode.TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise ImageRejectedError(FailureCode.NOT_AN_IMAGE) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, OverflowError) as error:
        raise ImageRejectedError(FailureCode.TRUNCATED) from error


def probe(path: Path, *, max_pixels: int, announced_type: str, default_zone: ZoneInfo | None) -> Probe:
    """Raises `ImageRejectedError`: also when the file is of another type than was announced."""
    with opened(path, max_pixels=max_pixels) as picture:
        content_type = CONTENT_TYPES[picture.format or ""]
        if content_type != announced_type:
            raise ImageRejectedError(FailureCode.TYPE_MISMATCH)
        exif = picture.getexif()
        width, height = picture.size
        if exif.get(ExifTags.Base.Orientation) in _TRANSPOSING:
            width, height = height, width
        return Probe(content_type, width, height, _taken_at(exif, default_zone))


def _require_acceptable(picture: Image.Image, max_pixels: int) -> None:
    if picture.format not in CONTENT_TYPES:
        raise ImageRejectedError(FailureCode.UNSUPPORTED_FORMAT)
    if picture.width * picture.height > max_pixels:
        raise ImageRejectedError(FailureCode.TOO_MANY_PIXELS)


def _taken_at(exif: Image.Exif, default_zone: ZoneInfo | None) -> datetime | None:
    fields = exif.get_ifd(ExifTags.IFD.Exif)
    text = str(fields.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
    try:
        moment = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None
    offset = _offset(str(fields.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 "))
    return moment.replace(tzinfo=offset or default_zone or UTC).astimezone(UTC)


def _offset(text: str) -> timezone | None:
    try:
        hours, minutes = text[1:].split(":")
        amount = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-amount if text.startswith("-") else amount)
    except ValueError:
        return None
