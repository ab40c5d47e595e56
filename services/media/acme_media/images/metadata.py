"""What a picture tells of how it was taken. Hostile or broken metadata tell nothing, and fail nothing."""

import io
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image

from acme_media.images.kinds import ARW, CR2, CR3, DNG, NEF

Value = TypeVar("Value")

LONGEST: Final = 255
_NO_CLOCK: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - what a camera writes that was never set
_TIFF_BASED: Final = {CR2, NEF, ARW, DNG}
_CR3_HEAD: Final = 1 << 20
_BROKEN: Final = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, struct.error)
_BROKEN_TOO: Final = (ZeroDivisionError, OverflowError, RecursionError, EOFError, AttributeError)


@dataclass(frozen=True)
class Metadata:
    taken_at: datetime | None = None
    """In UTC; a camera without an offset is taken to be in the project's time zone."""
    camera: str | None = None
    lens: str | None = None
    serial_number: str | None = None
    """Of the camera's body."""


def exif_of_file(path: Path, kind: str | None, picture: Image.Image) -> Image.Exif:
    """Of a raw file its own: the preview in it seldom has all."""
    if kind in _TIFF_BASED:
        return _tolerant(lambda: _from_tiff(path), Image.Exif())
    if kind == CR3:
        return _tolerant(lambda: _from_cr3(path), Image.Exif())
    return _tolerant(picture.getexif, Image.Exif())


def orientation_of(picture: Image.Image) -> int:
    """EXIF's, 1 to 8."""
    value = _tolerant(lambda: picture.getexif().get(ExifTags.Base.Orientation), None)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1  # noqa: PLR2004 - as EXIF counts them


def read_metadata(exif: Image.Exif, default_zone: ZoneInfo | None) -> Metadata:
    nothing: dict[int, object] = {}
    fields = _tolerant(lambda: dict[int, object](exif.get_ifd(ExifTags.IFD.Exif)), nothing)
    base = _tolerant(lambda: dict[int, object](exif), nothing)
    return Metadata(
        taken_at=_tolerant(lambda: _taken_at(fields, default_zone), None),
        camera=_camera(_text(base.get(ExifTags.Base.Make)), _text(base.get(ExifTags.Base.Model))),
        lens=_text(fields.get(ExifTags.Base.LensModel)),
        serial_number=_text(fields.get(ExifTags.Base.BodySerialNumber)),
    )


def _tolerant(read: Callable[[], Value], otherwise: Value) -> Value:
    try:
        return read()
    except (*_BROKEN, *_BROKEN_TOO):
        return otherwise


def _from_tiff(path: Path) -> Image.Exif:
    exif = Image.Exif()
    with path.open("rb") as file:
        exif.load_from_fp(io.BytesIO(file.read()))
    exif.get_ifd(ExifTags.IFD.Exif)
    return exif


def _from_cr3(path: Path) -> Image.Exif:
    """Canon keeps the directories apart: CMT1 is the first, CMT2 that of EXIF, each a TIFF of its own."""
    with path.open("rb") as file:
        head = file.read(_CR3_HEAD)
    exif = _directory(head, b"CMT1")
    exif.get_ifd(ExifTags.IFD.Exif).update(dict(_directory(head, b"CMT2")))
    return exif


def _directory(head: bytes, name: bytes) -> Image.Exif:
    exif = Image.Exif()
    at = head.find(name)
    if at >= 4:  # noqa: PLR2004 - a box's length stands before its name
        length = int.from_bytes(head[at - 4 : at], "big")
        exif.load(b"Exif\0\0" + head[at + 4 : at - 4 + length])
    return exif


def _text(value: object) -> str | None:
    """Printable, on one line, or None."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    printable = "".join(char if char.isprintable() else " " for char in value.split("\0")[0])
    return " ".join(printable.split())[:LONGEST] or None


def _camera(make: str | None, model: str | None) -> str | None:
    """Many makers repeat their name in the model's."""
    if make is None or model is None:
        return model or make
    first = make.split()[0].lower()
    return model if model.lower().startswith(first) else f"{make} {model}"[:LONGEST]


def _taken_at(fields: dict[int, object], default_zone: ZoneInfo | None) -> datetime | None:
    text = _text(fields.get(ExifTags.Base.DateTimeOriginal)) or ""
    try:
        moment = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None
    if moment == _NO_CLOCK:
        return None
    moment += _fraction(_text(fields.get(ExifTags.Base.SubsecTimeOriginal)) or "")
    offset = _offset(_text(fields.get(ExifTags.Base.OffsetTimeOriginal)) or "")
    return moment.replace(tzinfo=offset or default_zone or UTC).astimezone(UTC)


def _fraction(digits: str) -> timedelta:
    """Of a second: EXIF writes what comes after the point."""
    return (
        timedelta(microseconds=int(digits[:6].ljust(6, "0")))
        if re.fullmatch("[0-9]+", digits)
        else timedelta()
    )


def _offset(text: str) -> timezone | None:
    found = re.fullmatch(r"([+-])(\d\d):(\d\d)", text)
    if found is None:
        return None
    amount = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-amount if found[1] == "-" else amount) if amount < timedelta(days=1) else None
