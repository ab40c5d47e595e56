"""Tiny raw files, as cameras lay them out: what a reader needs to find the preview, and little else."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

ASCII, SHORT, LONG, RATIONAL, BYTE = 2, 3, 4, 5, 1
_SIZES: Final = {ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8, BYTE: 1}
SIDE: Final = 64
"""Of the sensor: less than that is taken for no camera's."""
SENSOR: Final = struct.pack(f"<{SIDE * SIDE}H", *([900] * SIDE * SIDE))

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
MAKE, MODEL, STRIP_OFFSETS, ORIENTATION, SAMPLES, ROWS, STRIP_COUNTS = 271, 272, 273, 274, 277, 278, 279
SUB_IFDS, JPEG_OFFSET, JPEG_LENGTH, EXIF_IFD, SUBFILE, GPS_IFD = 330, 513, 514, 34665, 254, 34853
CFA_DIM, CFA_PATTERN, DNG_VERSION, CR2_SLICES = 33421, 33422, 50706, 50752
TAKEN, OFFSET, SUBSEC, SERIAL, LENS = 36867, 36881, 37521, 42033, 42036


@dataclass(frozen=True)
class Blob:
    """Bytes whose place the tag tells."""

    body: bytes


@dataclass(frozen=True)
class Directory:
    tags: dict[int, tuple[int, object]] = field(default_factory=dict)


def tiff(first: Directory, *more: Directory, magic: bytes = b"II*\0", after_magic: bytes = b"") -> bytes:
    """Little-endian; the directories follow one another, those inside of tags lie behind them."""
    out = bytearray(magic + struct.pack("<I", 8 + len(after_magic)) + after_magic)
    link = 4
    for directory in (first, *more):
        struct.pack_into("<I", out, link, len(out))
        link = _write(out, directory)
    return bytes(out)


def _write(out: bytearray, directory: Directory) -> int:
    """Returns where the link to the next directory stands."""
    start, count = len(out), len(directory.tags)
    out += struct.pack("<H", count) + bytes(12 * count + 4)
    for index, (tag, (kind, value)) in enumerate(sorted(directory.tags.items())):
        body = _value(out, kind, value)
        entries = len(body) // _SIZES[kind]
        place = body.ljust(4, b"\0") if len(body) <= 4 else struct.pack("<I", _append(out, body))
        struct.pack_into("<HHI4s", out, start + 2 + 12 * index, tag, kind, entries, place)
    return start + 2 + 12 * count


def _value(out: bytearray, kind: int, value: object) -> bytes:  # noqa: PLR0911 - a return for each type
    match value:
        case Blob():
            return struct.pack("<I", _append(out, value.body))
        case Directory():
            at = len(out)
            _write(out, value)
            return struct.pack("<I", at)
        case str():
            return value.encode() + b"\0"
        case bytes():
            return value
        case Sequence() if value and isinstance(value[0], Directory):
            return b"".join(_value(out, LONG, item) for item in value)
        case Sequence():
            return struct.pack(f"<{len(value)}{'H' if kind == SHORT else 'I'}", *value)
        case _:
            return struct.pack("<H" if kind == SHORT else "<I", value)


def _append(out: bytearray, body: bytes) -> int:
    at = len(out)
    out += body + b"\0" * (len(body) % 2)
    return at


def exif_fields() -> Directory:
    return Directory(
        {
            TAKEN: (ASCII, "2026:06:20 19:30:00"),
            OFFSET: (ASCII, "+02:00"),
            SUBSEC: (ASCII, "25"),
            SERIAL: (ASCII, "0042"),
            LENS: (ASCII, "50mm f/1.8"),
        }
    )


def _named(make: str, model: str, orientation: int) -> dict[int, tuple[int, object]]:
    place = Directory({1: (ASCII, "N"), 2: (RATIONAL, [48, 1, 12, 1, 30, 1])})
    return {
        MAKE: (ASCII, make),
        MODEL: (ASCII, model),
        ORIENTATION: (SHORT, orientation),
        EXIF_IFD: (LONG, exif_fields()),
        GPS_IFD: (LONG, place),
    }


def _sensor() -> dict[int, tuple[int, object]]:
    return {
        SUBFILE: (LONG, 0),
        WIDTH: (LONG, SIDE),
        HEIGHT: (LONG, SIDE),
        BITS: (SHORT, 16),
        COMPRESSION: (SHORT, 1),
        PHOTOMETRIC: (SHORT, 32803),
        STRIP_OFFSETS: (LONG, Blob(SENSOR)),
        SAMPLES: (SHORT, 1),
        ROWS: (LONG, SIDE),
        STRIP_COUNTS: (LONG, len(SENSOR)),
        CFA_DIM: (SHORT, [2, 2]),
        CFA_PATTERN: (BYTE, bytes([0, 1, 1, 2])),
    }


def _preview_strip(jpeg: bytes, size: tuple[int, int]) -> dict[int, tuple[int, object]]:
    return {
        SUBFILE: (LONG, 1),
        WIDTH: (LONG, size[0]),
        HEIGHT: (LONG, size[1]),
        BITS: (SHORT, [8, 8, 8]),
        COMPRESSION: (SHORT, 7),
        PHOTOMETRIC: (SHORT, 6),
        STRIP_OFFSETS: (LONG, Blob(jpeg)),
        SAMPLES: (SHORT, 3),
        ROWS: (LONG, size[1]),
        STRIP_COUNTS: (LONG, len(jpeg)),
    }


def _jpeg_pointer(jpeg: bytes) -> dict[int, tuple[int, object]]:
    return {
        SUBFILE: (LONG, 1),
        COMPRESSION: (SHORT, 6),
        JPEG_OFFSET: (LONG, Blob(jpeg)),
        JPEG_LENGTH: (LONG, len(jpeg)),
    }


def dng(jpeg: bytes, size: tuple[int, int], orientation: int = 1) -> bytes:
    first = {
        **_named("Acme", "Acme One", orientation),
        **_sensor(),
        DNG_VERSION: (BYTE, bytes([1, 4, 0, 0])),
        SUB_IFDS: (LONG, [Directory(_preview_strip(jpeg, size))]),
    }
    return tiff(Directory(first))


def nef(jpeg: bytes, orientation: int = 1) -> bytes:
    inside = [Directory(_jpeg_pointer(jpeg)), Directory(_sensor())]
    return tiff(
        Directory({**_named("NIKON CORPORATION", "NIKON D90", orientation), SUB_IFDS: (LONG, inside)})
    )


def arw(jpeg: bytes, orientation: int = 1) -> bytes:
    first = {
        **_named("SONY", "ILCE-7M3", orientation),
        **_jpeg_pointer(jpeg),
        SUB_IFDS: (LONG, [Directory(_sensor())]),
    }
    return tiff(Directory(first))


def cr2(jpeg: bytes, size: tuple[int, int], orientation: int = 1) -> bytes:
    """The sensor's picture is a lossless JPEG; its header is enough for whoever wants the preview."""
    header = struct.pack(">HHBHHB", 0xFFC3, 14, 14, SIDE, SIDE // 2, 2) + bytes([1, 17, 0, 2, 17, 0])
    lossless = b"\xff\xd8" + header + b"\xff\xda" + struct.pack(">H", 10) + bytes([2, 1, 0, 2, 0, 1, 0, 0])
    lossless += bytes(4096)
    preview = {**_named("Canon", "Canon EOS 5D Mark III", orientation), **_preview_strip(jpeg, size)}
    preview[COMPRESSION] = (SHORT, 6)
    sensor: dict[int, tuple[int, object]] = {
        COMPRESSION: (SHORT, 6),
        STRIP_OFFSETS: (LONG, Blob(lossless)),
        STRIP_COUNTS: (LONG, len(lossless)),
        CR2_SLICES: (SHORT, [0, 0, SIDE]),
    }
    tiny, none = Directory(_jpeg_pointer(jpeg)), Directory({})
    return tiff(Directory(preview), tiny, none, Directory(sensor), after_magic=b"CR\x02\0" + bytes(4))


def raf(jpeg: bytes) -> bytes:
    head = bytearray(
        b"FUJIFILMCCD-RAW 0201FF383501".ljust(28, b"\0") + b"X-T30".ljust(32, b"\0") + bytes(100)
    )
    tags = b"".join(
        struct.pack(">HH", tag, len(value)) + value
        for tag, value in (
            (0x100, struct.pack(">HH", SIDE, SIDE)),
            (0x110, struct.pack(">HH", 0, 0)),
            (0x111, struct.pack(">HH", SIDE, SIDE)),
            (0x121, struct.pack(">HH", SIDE, SIDE)),
        )
    )
    directory = struct.pack(">I", 4) + tags
    jpeg_at = len(head)
    struct.pack_into(">II", head, 84, jpeg_at, len(jpeg))
    struct.pack_into(">II", head, 92, jpeg_at + len(jpeg), len(directory))
    struct.pack_into(">II", head, 100, jpeg_at + len(jpeg) + len(directory), len(SENSOR))
    return bytes(head) + jpeg + directory + SENSOR


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def cr3(jpeg: bytes, orientation: int = 1) -> bytes:
    """Canon's boxes: one track with the full-size JPEG, one whose header announces the sensor's picture."""
    start = box(b"ftyp", b"crx ", struct.pack(">I", 1), b"crx isom")
    jpeg_at = len(start) + 8
    media = box(b"mdat", jpeg, bytes(256))
    canon = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
    named = _named("Canon", "Canon EOS R6", orientation)
    named.pop(EXIF_IFD)
    named.pop(GPS_IFD)
    named |= {WIDTH: (LONG, SIDE), HEIGHT: (LONG, SIDE)}
    directories = [box(b"CMT1", tiff(Directory(named))), box(b"CMT2", tiff(exif_fields()))]
    compressed = struct.pack(">HHHHIIII", 0xFFFF, 0, 0x100, 0, SIDE, SIDE, SIDE, SIDE)
    compressed += bytes([14, 0x40, 0x03, 0]) + struct.pack(">I", 128) + bytes(28)
    tracks = [
        _track(box(b"JPEG", bytes(4)), jpeg_at, len(jpeg)),
        _track(box(b"CMP1", compressed), jpeg_at + len(jpeg), 256),
    ]
    return start + media + box(b"moov", box(b"uuid", canon, *directories), *tracks)


def _track(inside: bytes, at: int, size: int) -> bytes:
    described = box(b"stsd", struct.pack(">II", 0, 1), box(b"CRAW", bytes(82), inside))
    sizes = box(b"stsz", struct.pack(">III", 0, size, 1))
    places = box(b"co64", struct.pack(">IIQ", 0, 1, at))
    handler = box(b"hdlr", bytes(8), b"vide", bytes(12))
    return box(b"trak", box(b"mdia", handler, box(b"minf", box(b"stbl", described, sizes, places))))
