"""One table of files as they come, each with what becomes of it."""

import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from acme_core.photos import FailureCode
from acme_media.images import confined, confined_reader
from acme_media.images.decode import load_pixels
from acme_media.images.probe import probe
from acme_media.images.rejection import ImageRejectedError
from tests.services.harness import picture
from tests.services.media.images import raw_files
from tests.services.media.images.colour_profiles import (
    ADOBE_RGB,
    DISPLAY_P3,
    grey_profile,
    in_srgb,
    ink_profile,
    rgb_profile,
)

LIMIT = 200_000_000
SIZE = (300, 200)
Colour = tuple[int, ...]
JPEG, PNG, TIFF, WEBP, AVIF, HEIC = (
    f"image/{name}" for name in ("jpeg", "png", "tiff", "webp", "avif", "heic")
)


def plain(mode: str, colour: object, form: str = "JPEG", **options: object) -> bytes:
    return written(Image.new(mode, SIZE, colour), form, **options)  # type: ignore[arg-type] # a colour of any mode


def written(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def animated(form: str) -> bytes:
    frames = [Image.new("RGB", SIZE, colour) for colour in ("#00ff00", "#ff0000")]
    return written(frames[0], form, save_all=True, append_images=frames[1:], lossless=True, quality=95)


def wide(value: int, form: str) -> bytes:
    return written(Image.fromarray(np.full((200, 300), value, np.uint16)), form)


def wide_rgb(colour: Colour) -> bytes:
    """Pillow writes no PNG of 3 x 16 bits: this is one by hand."""
    row = b"\0" + struct.pack(">3H", *colour) * SIZE[0]
    return png(*SIZE, depth=16, body=zlib.compress(row * SIZE[1]))


def png(width: int, height: int, *, depth: int = 8, body: bytes = zlib.compress(b"\0")) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def heic(image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer, quality=90, **options)
    return buffer.getvalue()


def endless_scans() -> bytes:
    """A progressive JPEG whose last scan is there a thousand times."""
    body = written(Image.new("RGB", SIZE, "red"), "JPEG", progressive=True)
    last = body.rindex(b"\xff\xda")
    return body[:last] + body[last:-2] * 1000 + body[-2:]


def large_tiff(side: int) -> bytes:
    """Says that it is so large, and holds a few bytes."""
    small = written(Image.new("L", (16, 16)), "TIFF")
    return small.replace(struct.pack("<HHII", 256, 4, 1, 16), struct.pack("<HHII", 256, 4, 1, side)).replace(
        struct.pack("<HHII", 257, 4, 1, 16), struct.pack("<HHII", 257, 4, 1, side)
    )


PREVIEW = plain("RGB", (0, 128, 0), quality=95)
GREEN = (0, 128, 0)
NO_PREVIEW = raw_files.dng(b"\xff\xd8 no jpeg \xff\xd9" + bytes(100), SIZE)

READ: dict[str, tuple[Callable[[], bytes], str, Colour]] = {
    "JPEG": (lambda: plain("RGB", GREEN), JPEG, GREEN),
    "JPEG, progressive": (lambda: plain("RGB", GREEN, progressive=True), JPEG, GREEN),
    "JPEG, grey": (lambda: plain("L", 120), JPEG, (120, 120, 120)),
    "JPEG, CMYK": (lambda: plain("CMYK", (0, 255, 255, 0)), JPEG, (255, 0, 0)),
    "PNG": (lambda: plain("RGB", GREEN, "PNG"), PNG, GREEN),
    "PNG, palette": (lambda: plain("P", 0, "PNG"), PNG, (0, 0, 0)),
    "PNG, one bit": (lambda: plain("1", 1, "PNG"), PNG, (255, 255, 255)),
    "PNG, opaque": (lambda: plain("RGBA", (255, 0, 0, 255), "PNG"), PNG, (255, 0, 0)),
    "PNG, clear": (lambda: plain("RGBA", (255, 0, 0, 0), "PNG"), PNG, (255, 255, 255)),
    "PNG, half clear": (lambda: plain("RGBA", (0, 0, 0, 128), "PNG"), PNG, (127, 127, 127)),
    "PNG, grey and clear": (lambda: plain("LA", (50, 0), "PNG"), PNG, (255, 255, 255)),
    "PNG, a clear colour": (lambda: plain("RGB", GREEN, "PNG", transparency=GREEN), PNG, (255, 255, 255)),
    "PNG, 16 bit grey": (lambda: wide(32896, "PNG"), PNG, (128, 128, 128)),
    "PNG, 16 bit": (lambda: wide_rgb((0, 32896, 65535)), PNG, (0, 128, 255)),
    "PNG, animated": (lambda: animated("PNG"), PNG, (0, 255, 0)),
    "TIFF": (lambda: plain("RGB", GREEN, "TIFF"), TIFF, GREEN),
    "TIFF, packed": (lambda: plain("RGB", GREEN, "TIFF", compression="tiff_lzw"), TIFF, GREEN),
    "TIFF, CMYK": (lambda: plain("CMYK", (0, 255, 255, 0), "TIFF"), TIFF, (255, 0, 0)),
    "TIFF, 16 bit grey": (lambda: wide(65535, "TIFF"), TIFF, (255, 255, 255)),
    "TIFF, floats": (lambda: plain("F", 0.5, "TIFF"), TIFF, (128, 128, 128)),
    "TIFF, Lab": (lambda: plain("LAB", (255, 128, 128), "TIFF"), TIFF, (255, 255, 255)),
    "TIFF, two pages": (lambda: animated("TIFF"), TIFF, (0, 255, 0)),
    "WebP": (lambda: plain("RGB", GREEN, "WEBP"), WEBP, GREEN),
    "WebP, clear": (lambda: plain("RGBA", (0, 0, 0, 0), "WEBP", lossless=True), WEBP, (255, 255, 255)),
    "WebP, animated": (lambda: animated("WEBP"), WEBP, (0, 255, 0)),
    "AVIF": (lambda: plain("RGB", GREEN, "AVIF"), AVIF, GREEN),
    "AVIF, animated": (lambda: animated("AVIF"), AVIF, (0, 255, 0)),
    "HEIC": (lambda: heic(Image.new("RGB", SIZE, GREEN)), HEIC, GREEN),
    "HEIC, clear": (lambda: heic(Image.new("RGBA", SIZE, (0, 0, 0, 0))), HEIC, (255, 255, 255)),
    "Adobe RGB": (
        lambda: plain("RGB", (100, 150, 90), "PNG", icc_profile=rgb_profile("Adobe RGB (1998)", ADOBE_RGB)),
        PNG,
        in_srgb((100, 150, 90), ADOBE_RGB),
    ),
    "Adobe RGB, JPEG": (
        lambda: plain("RGB", (100, 150, 90), icc_profile=rgb_profile("Adobe RGB (1998)", ADOBE_RGB)),
        JPEG,
        in_srgb((100, 150, 90), ADOBE_RGB),
    ),
    "Display P3, JPEG": (
        lambda: plain("RGB", (150, 100, 90), icc_profile=rgb_profile("Display P3", DISPLAY_P3)),
        JPEG,
        in_srgb((150, 100, 90), DISPLAY_P3),
    ),
    "Display P3, HEIC": (
        lambda: heic(
            Image.new("RGB", SIZE, (150, 100, 90)), icc_profile=rgb_profile("Display P3", DISPLAY_P3)
        ),
        HEIC,
        in_srgb((150, 100, 90), DISPLAY_P3),
    ),
    "grey profile": (lambda: plain("L", 128, icc_profile=grey_profile()), JPEG, (188, 188, 188)),
    "ink profile": (
        lambda: plain("CMYK", (0, 255, 255, 0), icc_profile=ink_profile()),
        JPEG,
        (7, 7, 7),
    ),
    "broken profile": (lambda: plain("RGB", GREEN, icc_profile=b"no profile"), JPEG, GREEN),
    "profile of another space": (lambda: plain("RGB", GREEN, icc_profile=ink_profile()), JPEG, GREEN),
    "CR2": (lambda: raw_files.cr2(PREVIEW, SIZE), "image/x-canon-cr2", GREEN),
    "CR3": (lambda: raw_files.cr3(PREVIEW), "image/x-canon-cr3", GREEN),
    "NEF": (lambda: raw_files.nef(PREVIEW), "image/x-nikon-nef", GREEN),
    "ARW": (lambda: raw_files.arw(PREVIEW), "image/x-sony-arw", GREEN),
    "DNG": (lambda: raw_files.dng(PREVIEW, SIZE), "image/x-adobe-dng", GREEN),
    "RAF": (lambda: raw_files.raf(PREVIEW), "image/x-fuji-raf", GREEN),
}

REFUSED: dict[str, tuple[Callable[[], bytes], str, set[FailureCode]]] = {
    "empty": (lambda: b"", JPEG, {FailureCode.EMPTY_FILE}),
    "empty raw file": (lambda: b"", "image/x-sony-arw", {FailureCode.EMPTY_FILE}),
    "text": (lambda: b"only text", JPEG, {FailureCode.NOT_AN_IMAGE}),
    "a JPEG's start": (lambda: b"\xff\xd8\xff\xe0" + bytes(50), JPEG, {FailureCode.NOT_AN_IMAGE}),
    "SVG": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", JPEG, {FailureCode.NOT_AN_IMAGE}),
    "GIF": (lambda: picture(form="GIF"), JPEG, {FailureCode.UNSUPPORTED_FORMAT}),
    "BMP": (lambda: picture(form="BMP"), JPEG, {FailureCode.UNSUPPORTED_FORMAT}),
    "PNG said to be JPEG": (lambda: picture(form="PNG"), JPEG, {FailureCode.TYPE_MISMATCH}),
    "JPEG said to be WebP": (picture, WEBP, {FailureCode.TYPE_MISMATCH}),
    "JPEG said to be raw": (picture, "image/x-canon-cr2", {FailureCode.TYPE_MISMATCH}),
    "raw said to be TIFF": (lambda: raw_files.nef(PREVIEW), TIFF, {FailureCode.TYPE_MISMATCH}),
    "HEIC said to be AVIF": (lambda: heic(Image.new("RGB", SIZE)), AVIF, {FailureCode.TYPE_MISMATCH}),
    "JPEG cut": (lambda: PREVIEW[: len(PREVIEW) // 2], JPEG, {FailureCode.TRUNCATED}),
    "PNG cut": (lambda: picture(form="PNG")[:3000], PNG, {FailureCode.TRUNCATED}),
    "WebP cut": (
        lambda: picture(form="WEBP")[:1000],
        WEBP,
        {FailureCode.TRUNCATED, FailureCode.NOT_AN_IMAGE},
    ),
    "TIFF cut": (
        lambda: picture(form="TIFF")[:3000],
        TIFF,
        {FailureCode.TRUNCATED, FailureCode.NOT_AN_IMAGE},
    ),
    "AVIF cut": (
        lambda: picture(form="AVIF")[:1000],
        AVIF,
        {FailureCode.TRUNCATED, FailureCode.NOT_AN_IMAGE},
    ),
    "HEIC cut": (lambda: heic(Image.new("RGB", SIZE))[:-50], HEIC, {FailureCode.TRUNCATED}),
    "DNG cut": (
        lambda: raw_files.dng(PREVIEW, SIZE)[:40],
        "image/x-adobe-dng",
        {FailureCode.NOT_AN_IMAGE, FailureCode.TRUNCATED},
    ),
    "CR3 cut": (
        lambda: raw_files.cr3(PREVIEW)[:60],
        "image/x-canon-cr3",
        {FailureCode.UNSUPPORTED_FORMAT, FailureCode.TRUNCATED},
    ),
    "raw without a preview": (
        lambda: NO_PREVIEW,
        "image/x-adobe-dng",
        {FailureCode.NO_PREVIEW, FailureCode.NOT_AN_IMAGE, FailureCode.TRUNCATED},
    ),
    "more than 200 megapixels": (lambda: png(20_000, 10_001), PNG, {FailureCode.TOO_MANY_PIXELS}),
    "a bomb of 3.6 gigapixels": (lambda: png(60_000, 60_000), PNG, {FailureCode.TOO_MANY_PIXELS}),
    "a TIFF of 4 gigapixels": (lambda: large_tiff(65_000), TIFF, {FailureCode.TOO_MANY_PIXELS}),
    "exactly 200 megapixels, without pixels": (lambda: png(20_000, 10_000), PNG, {FailureCode.TRUNCATED}),
    "a thousand scans": (endless_scans, JPEG, {FailureCode.TOO_COSTLY}),
}


def read(path: Path, kind: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    probe(path, max_pixels=LIMIT, announced_type=kind, default_zone=None)
    return load_pixels(path, max_pixels=LIMIT)


@pytest.mark.parametrize("name", READ)
def test_what_is_read(tmp_path: Path, name: str) -> None:
    make, kind, expected = READ[name]
    path = tmp_path / "object"
    path.write_bytes(make())
    pixels = read(path, kind)
    assert pixels.shape == (SIZE[1], SIZE[0], 3)
    assert np.abs(pixels[100, 150].astype(int) - expected).max() <= 6
    found = probe(path, max_pixels=LIMIT, announced_type=kind, default_zone=None)
    assert (found.width, found.height, found.content_type) == (*SIZE, kind)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(tmp_path: Path, name: str) -> None:
    make, kind, codes = REFUSED[name]
    path = tmp_path / "object"
    path.write_bytes(make())
    with pytest.raises(ImageRejectedError) as refused:
        read(path, kind)
    assert refused.value.code in codes


RAW: dict[str, Callable[[bytes, int], bytes]] = {
    "image/x-canon-cr2": lambda jpeg, turn: raw_files.cr2(jpeg, SIZE, turn),
    "image/x-canon-cr3": raw_files.cr3,
    "image/x-nikon-nef": raw_files.nef,
    "image/x-sony-arw": raw_files.arw,
    "image/x-adobe-dng": lambda jpeg, turn: raw_files.dng(jpeg, SIZE, turn),
}


@pytest.mark.parametrize("kind", RAW)
@pytest.mark.parametrize(("turn", "place"), [(6, (50, 50)), (8, (250, 150)), (3, (150, 250))])
def test_a_raw_files_preview_is_turned_as_the_camera_was(
    tmp_path: Path, kind: str, turn: int, place: tuple[int, int]
) -> None:
    """Its left half is red: upright it is above, below, or to the right."""
    image = Image.new("RGB", SIZE, "blue")
    image.paste("red", (0, 0, 150, 200))
    path = tmp_path / "object"
    path.write_bytes(RAW[kind](written(image, "JPEG", quality=95), turn))
    pixels = read(path, kind)
    assert pixels.shape[:2] == ((200, 300) if turn == 3 else (300, 200))
    assert pixels[place][0] > 200


def test_a_reader_has_bounds_of_time_and_crashes_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "object"
    path.write_bytes(heic(Image.new("RGB", SIZE)))
    monkeypatch.setattr(confined, "TIMEOUT_S", 0.01)
    with pytest.raises(ImageRejectedError) as refused:
        read(path, HEIC)
    assert refused.value.code is FailureCode.TOO_COSTLY
    assert confined._code_of(b"") is FailureCode.TOO_COSTLY


def test_a_reader_has_bounds_of_memory(tmp_path: Path) -> None:
    """Seen from inside of one: it may not even ask for more."""
    script = (
        "from acme_media.images import confined_reader as reader\n"
        "reader.confine()\n"
        f"bytearray({confined_reader.MEMORY_BYTES})"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert ended.returncode == 1
    assert b"MemoryError" in ended.stderr
