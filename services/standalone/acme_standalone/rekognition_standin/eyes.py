"""Finds and measures faces, in a process of the media service: standalone knows services as no more."""

import asyncio
import io
import json
import struct
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from dataclasses import dataclass

from PIL import Image

from acme_standalone.rekognition_standin.errors import ErrorType, RekognitionError
from acme_standalone.rekognition_standin.requests import MAX_FACES_OF_AN_IMAGE

MODULE = "acme_media.faces.measure"
FORMATS = ("JPEG", "PNG")
MIN_IMAGE_SIDE = 80
MIN_FACE_PX = 40
FULL_HD = 1920
"""A face must be of 40 px in a picture of Full HD, and of proportionally more in a larger one."""
LONGEST_ANSWER = 16 * 1024 * 1024


@dataclass(frozen=True)
class SeenFace:
    box: tuple[float, float, float, float]
    """Left, top, width and height, of the picture's width and height."""
    confidence: float
    sharpness: float
    brightness: float
    vector: tuple[float, ...]


class Eyes:
    """One process, started when it is first needed; one picture at a time."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def faces(self, picture: bytes) -> list[SeenFace]:
        """Largest first. Raises the error that Rekognition would have for the picture."""
        width, height = _size(picture)
        found = await self._ask(picture)
        smallest = MIN_FACE_PX * max(1.0, max(width, height) / FULL_HD)
        large_enough = [face for face in found if max(face.box[2] * width, face.box[3] * height) >= smallest]
        return large_enough[:MAX_FACES_OF_AN_IMAGE]

    async def close(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    async def _ask(self, picture: bytes) -> list[SeenFace]:
        # A caller that goes away must not leave its answer to the next one.
        answer = json.loads(await asyncio.shield(asyncio.create_task(self._exchange(picture))))
        if "error" in answer:
            raise RekognitionError(ErrorType.INVALID_IMAGE_FORMAT, "Request has invalid image format")
        return [
            SeenFace(
                box=tuple(face["box"]),
                confidence=face["confidence"],
                sharpness=face["sharpness"],
                brightness=face["brightness"],
                vector=tuple(face["vector"]),
            )
            for face in answer["faces"]
        ]

    async def _exchange(self, picture: bytes) -> bytes:
        async with self._turn:
            process = await self._started()
            if process.stdin is None or process.stdout is None:
                raise RuntimeError("the process was started with pipes")
            with suppress(ConnectionError):  # its end is seen below
                process.stdin.write(struct.pack(">I", len(picture)) + picture)
                await process.stdin.drain()
            line = await process.stdout.readline()
        if not line:
            raise RekognitionError(ErrorType.INTERNAL_SERVER_ERROR, "The networks have stopped.")
        return line

    async def _started(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", MODULE), stdin=PIPE, stdout=PIPE, limit=LONGEST_ANSWER
            )
        return self._process


def _size(picture: bytes) -> tuple[int, int]:
    """Only the header is read here."""
    try:
        with Image.open(io.BytesIO(picture), formats=FORMATS) as opened:
            size = opened.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        message = "Request has invalid image format"
        raise RekognitionError(ErrorType.INVALID_IMAGE_FORMAT, message) from error
    if min(size) < MIN_IMAGE_SIDE:
        raise RekognitionError(ErrorType.INVALID_PARAMETER, "Request has invalid parameters")
    return size
