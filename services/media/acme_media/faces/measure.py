"""`python -m acme_media.faces.measure`: what the local networks see, for programs that may not import them.

On standard input come pictures, each after its length in bytes (four bytes, big-endian). Each is answered
by a line of JSON, the faces largest first:
`{"faces": [{"box", "confidence", "sharpness", "brightness", "vector"}]}`, or `{"error": "format"}` for what
is no picture. It ends with its input.
"""

import asyncio
import io
import json
import math
import struct
import sys
from collections.abc import Iterator
from dataclasses import astuple
from typing import Any, BinaryIO, cast

from PIL import Image, ImageOps

from acme_media.faces.engine import FaceEngine, TemplateStore
from acme_media.faces.local_engine import LocalEngine
from acme_media.faces.selfie_gate import SURE_SCORE
from acme_media.faces.values import FoundFace

LENGTH = struct.Struct(">I")
CERTAINTY_STEEPNESS = 15.0
"""The detector's score of a clear portrait becomes 90 per cent and more, of a false alarm 20 at most."""


async def measure(engine: FaceEngine, picture: bytes) -> dict[str, Any]:
    try:
        with Image.open(io.BytesIO(picture)) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError):
        return {"error": "format"}
    return {"faces": [await _measured(engine, face) for face in await engine.find_faces(upright)]}


async def _measured(engine: FaceEngine, face: FoundFace) -> dict[str, Any]:
    return {
        "box": astuple(face.box),
        "confidence": 100.0 / (1.0 + math.exp(CERTAINTY_STEEPNESS * (SURE_SCORE - face.score))),
        "sharpness": face.sharpness,
        "brightness": face.brightness,
        "vector": await engine.template(face.crop),
    }


def frames(stream: BinaryIO) -> Iterator[bytes]:
    while len(head := stream.read(LENGTH.size)) == LENGTH.size:
        yield stream.read(LENGTH.unpack(head)[0])


async def main() -> None:
    # It finds and embeds only: nobody's templates are searched.
    engine = LocalEngine(cast("TemplateStore", None))
    for picture in frames(sys.stdin.buffer):
        answer = json.dumps(await measure(engine, picture))
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
