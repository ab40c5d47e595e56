"""Formats whose readers have no bounds of their own are opened by another process, which has.

It turns the file into one that the ordinary readers take: a raw file into its embedded preview, HEIF into
a PNG without compression, and everything but a plain JPEG into the pixels themselves. A reader that runs
away, or is led to crash, takes the child with it and no more.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import numpy as np

from acme_core.photos import FailureCode
from acme_media.images.pixels import Pixels
from acme_media.images.rejection import ImageRejectedError

TIMEOUT_S: Final = 60
DECODE: Final = "pixels"
_ENVIRONMENT: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PATH": os.defpath}


def made_plain(path: Path, kind: str, *, max_pixels: int) -> Path:
    """A file beside the given one, made once. Raises `ImageRejectedError`."""
    made = path.with_name(f"{path.name}.plain")
    if not made.exists():
        _run(kind, path, made, max_pixels)
    return made


def drawn_logo(path: Path, kind: str, *, max_pixels: int) -> bytes:
    """A PNG with transparency, whatever was sent. Raises `ImageRejectedError`."""
    return made_plain(path, kind, max_pixels=max_pixels).read_bytes()


def decoded(path: Path, least_side: int | None, *, max_pixels: int) -> Pixels:
    """The picture as Pillow reads it, upright and in sRGB. Raises `ImageRejectedError`."""
    made = path.with_name(f"{path.name}.pixels")
    _run(DECODE if least_side is None else f"{DECODE}:{least_side}", path, made, max_pixels)
    try:
        pixels: Pixels = np.load(made, allow_pickle=False)
    finally:
        made.unlink()
    return pixels


def _run(kind: str, path: Path, made: Path, max_pixels: int) -> None:
    half = made.with_name(f"{made.name}-half")
    module = "acme_media.images.confined_reader"
    command = [sys.executable, "-I", "-m", module, kind, str(path), str(half), str(max_pixels)]
    try:
        ended = subprocess.run(  # noqa: S603 - our own program
            command, env=_ENVIRONMENT, capture_output=True, timeout=TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ImageRejectedError(FailureCode.TOO_COSTLY) from error
    if ended.returncode != 0:
        half.unlink(missing_ok=True)
        raise ImageRejectedError(_code_of(ended.stdout))
    half.replace(made)


def _code_of(told: bytes) -> FailureCode:
    """A reader that was ended before it could tell why had used up what it may use, or crashed."""
    try:
        return FailureCode(told.decode().strip())
    except ValueError:
        return FailureCode.TOO_COSTLY
