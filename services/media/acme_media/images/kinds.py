"""What a file is by its first bytes, whatever its name or its sender say."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from PIL import TiffImagePlugin

from acme_core.photos import RAW_CONTENT_TYPES

HEIC: Final = "image/heic"
CONTENT_TYPES: Final = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
}
"""Of what Pillow opens itself, by its names."""

CR2, CR3, NEF, ARW, DNG, RAF = RAW_CONTENT_TYPES
_HEIF_BRANDS: Final = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_AVIF_BRANDS: Final = {b"avif", b"avis"}
_DNG_VERSION, _MAKE, _SUB_IFDS = 50706, 271, 330


def confined_type_of(path: Path) -> str | None:
    """Its content type, of a file that is opened by a confined process: raw files and HEIF; else None."""
    with path.open("rb") as file:
        head = file.read(64)
        if head.startswith(b"FUJIFILMCCD-RAW"):
            return RAF
        if head[4:8] == b"ftyp":
            return _by_brands(head)
        if head[:4] in {b"II*\0", b"MM\0*"}:
            return CR2 if head[8:10] == b"CR" else _by_tags(file, head)
    return None


@contextmanager
def quietly() -> Iterator[None]:
    """What Pillow warns of is told by what it then raises, or is no matter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _by_brands(head: bytes) -> str | None:
    size = int.from_bytes(head[:4], "big")
    brands = {head[8:12], *(head[start : start + 4] for start in range(16, min(size, len(head)), 4))}
    if head[8:12] == b"crx ":
        return CR3
    return HEIC if brands & _HEIF_BRANDS and not brands & _AVIF_BRANDS else None


def _by_tags(file: BinaryIO, head: bytes) -> str | None:
    """Raw files of these makers are TIFFs whose first picture is a thumbnail: the rest tells them apart."""
    tags = TiffImagePlugin.ImageFileDirectory_v2(head[:8])
    try:
        file.seek(tags.next)
        with quietly():
            tags.load(file)
        make = str(tags.get(_MAKE, "")).upper()
    except (OSError, SyntaxError, ValueError, TypeError, KeyError):
        return None  # Pillow says what is wrong with it
    if _DNG_VERSION in tags:
        return DNG
    if _SUB_IFDS not in tags:
        return None
    return next((kind for name, kind in (("NIKON", NEF), ("SONY", ARW)) if make.startswith(name)), None)
