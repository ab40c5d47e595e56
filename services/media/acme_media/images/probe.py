"""What a file is, from its header: before a single pixel is decoded."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from PIL import Image, UnidentifiedImageError

from acme_core.photos import FailureCode
from acme_media.images.confined import made_plain
from acme_media.images.kinds import CONTENT_TYPES, confined_type_of, quietly
from acme_media.images.metadata import Metadata, exif_of_file, orientation_of, read_metadata
from acme_media.images.rejection import ImageRejectedError

MOST_SCANS: Final = 64
"""Of a progressive JPEG. Encoders write about ten; each costs as much time as a whole picture."""
Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and lies above Pillow's
_TRANSPOSING: Final = {5, 6, 7, 8}
_START_OF_SCAN: Final = b"\xff\xda"


@dataclass(frozen=True)
class Probe:
    content_type: str
    width: int
    """Of the upright picture; of a raw file, of its preview."""
    height: int
    metadata: Metadata

    @property
    def taken_at(self) -> datetime | None:
        return self.metadata.taken_at


@dataclass(frozen=True)
class Opened:
    picture: Image.Image
    path: Path
    """Of what `picture` reads: of a raw file, its preview."""
    confined_type: str | None


@contextmanager
def opened(path: Path, *, max_pixels: int) -> Iterator[Opened]:
    """Raises `ImageRejectedError`, here and for what goes wrong while the block decodes."""
    if path.stat().st_size == 0:
        raise ImageRejectedError(FailureCode.EMPTY_FILE)
    kind = confined_type_of(path)
    plain = path if kind is None else made_plain(path, kind, max_pixels=max_pixels)
    try:
        with quietly(), Image.open(plain) as picture:
            _require_acceptable(picture, plain, max_pixels)
            yield Opened(picture, plain, kind)
    except MemoryError as error:
        raise ImageRejectedError(FailureCode.TOO_COSTLY) from error
    except UnidentifiedImageError as error:
        raise ImageRejectedError(FailureCode.NOT_AN_IMAGE) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, OverflowError) as error:
        raise ImageRejectedError(FailureCode.TRUNCATED) from error
    except (KeyError, struct.error, ZeroDivisionError) as error:
        raise ImageRejectedError(FailureCode.TRUNCATED) from error


def probe(path: Path, *, max_pixels: int, announced_type: str, default_zone: ZoneInfo | None) -> Probe:
    """Raises `ImageRejectedError`: also when the file is of another type than was announced."""
    if path.stat().st_size:
        _require_type(confined_type_of(path), announced_type)
    with opened(path, max_pixels=max_pixels) as found:
        picture = found.picture
        content_type = found.confined_type or CONTENT_TYPES[picture.format or ""]
        _require_type(content_type, announced_type)
        width, height = picture.size
        if orientation_of(picture) in _TRANSPOSING:
            width, height = height, width
        exif = exif_of_file(path, found.confined_type, picture)
        return Probe(content_type, width, height, read_metadata(exif, default_zone))


def _require_type(found: str | None, announced: str) -> None:
    if found is not None and found != announced:
        raise ImageRejectedError(FailureCode.TYPE_MISMATCH)


def _require_acceptable(picture: Image.Image, path: Path, max_pixels: int) -> None:
    if picture.format not in CONTENT_TYPES:
        raise ImageRejectedError(FailureCode.UNSUPPORTED_FORMAT)
    if picture.width * picture.height > max_pixels:
        raise ImageRejectedError(FailureCode.TOO_MANY_PIXELS)
    if picture.info.get("progressive") and path.read_bytes().count(_START_OF_SCAN) > MOST_SCANS:
        raise ImageRejectedError(FailureCode.TOO_COSTLY)
