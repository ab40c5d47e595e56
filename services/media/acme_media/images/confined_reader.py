"""`python -m acme_media.images.confined_reader KIND FILE MADE MAX_PIXELS`: see `confined`.

On failure the code is told on standard output.
"""

import resource
import sys
from pathlib import Path
from typing import Final

from acme_core.photos import RAW_CONTENT_TYPES, FailureCode

MEMORY_BYTES: Final = 3 * 1024**3
CPU_S: Final = 45
FILE_BYTES: Final = 1024**3
SVG, PNG = "image/svg+xml", "image/png"
DECODE: Final = "pixels"
LOGO_SIDE: Final = 1024
LEAST_COVER: Final = 0.005
"""Of a logo's own area, on average: less would leave photos unmarked."""


def confine() -> None:
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def read(kind: str, path: Path, made: Path, max_pixels: int) -> FailureCode | None:
    try:
        if kind in RAW_CONTENT_TYPES:
            return _raw(path, made)
        if kind.startswith(DECODE):
            return _pixels(path, made, kind.partition(":")[2], max_pixels)
        if kind == SVG:
            return _vector_logo(path, made)
        if kind == PNG:
            return _pixel_logo(path, made, max_pixels)
        return _heif(path, made, max_pixels)
    except MemoryError:
        return FailureCode.TOO_COSTLY


def _pixels(path: Path, made: Path, least_side: str, max_pixels: int) -> FailureCode | None:
    import numpy as np

    from acme_media.images.engines import PILLOW
    from acme_media.images.probe import opened
    from acme_media.images.rejection import ImageRejectedError

    try:
        with opened(path, max_pixels=max_pixels) as found, made.open("wb") as file:
            np.save(file, PILLOW.decode(found, int(least_side) if least_side else None))
    except ImageRejectedError as error:
        return error.code
    return None


def _raw(path: Path, made: Path) -> FailureCode | None:
    import rawpy
    from PIL import Image

    try:
        with rawpy.imread(str(path)) as raw:
            thumbnail = raw.extract_thumb()
    except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
        return FailureCode.NO_PREVIEW
    except rawpy.LibRawFileUnsupportedError:
        return FailureCode.UNSUPPORTED_FORMAT
    except rawpy.LibRawError:
        return FailureCode.TRUNCATED
    if isinstance(thumbnail.data, bytes):
        made.write_bytes(thumbnail.data)
    else:
        Image.fromarray(thumbnail.data).save(made, "PNG", compress_level=0)
    return None


def _heif(path: Path, made: Path, max_pixels: int) -> FailureCode | None:
    import pi_heif
    from PIL import Image

    pi_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    Image.MAX_IMAGE_PIXELS = None  # the limit below is ours
    try:
        with Image.open(path, formats=["HEIF"]) as picture:
            if picture.width * picture.height > max_pixels:
                return FailureCode.TOO_MANY_PIXELS
            kept = {name: picture.info.get(name) for name in ("exif", "icc_profile")}
            picture.load()
            picture.save(made, "PNG", compress_level=0, **kept)
    except (OSError, ValueError, SyntaxError, RuntimeError, EOFError):
        return FailureCode.TRUNCATED
    return None


def _vector_logo(path: Path, made: Path) -> FailureCode | None:
    import resvg_py

    from acme_media.images.vector_logos import is_self_contained

    try:
        document = path.read_text("utf-8")
    except UnicodeDecodeError:
        return FailureCode.NOT_AN_IMAGE
    if not is_self_contained(document):
        return FailureCode.UNSUPPORTED_FORMAT
    try:
        drawn = resvg_py.svg_to_bytes(
            svg_string=document, skip_system_fonts=True, width=LOGO_SIDE, height=LOGO_SIDE
        )
    except ValueError:
        return FailureCode.NOT_AN_IMAGE
    made.write_bytes(bytes(drawn))
    return _pixel_logo(made, made, LOGO_SIDE**2)


def _pixel_logo(path: Path, made: Path, max_pixels: int) -> FailureCode | None:
    from PIL import Image, ImageStat

    Image.MAX_IMAGE_PIXELS = None  # as above
    try:
        with Image.open(path, formats=["PNG"]) as picture:
            if picture.width * picture.height > max_pixels:
                return FailureCode.TOO_MANY_PIXELS
            logo = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, EOFError):
        return FailureCode.NOT_AN_IMAGE
    if ImageStat.Stat(logo.getchannel("A")).mean[0] < 255 * LEAST_COVER:
        return FailureCode.NOT_AN_IMAGE
    logo.thumbnail((LOGO_SIDE, LOGO_SIDE))
    logo.info.clear()
    logo.save(made, "PNG")
    return None


if __name__ == "__main__":
    confine()
    failure = read(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    if failure is not None:
        sys.stdout.write(failure)
        raise SystemExit(1)
