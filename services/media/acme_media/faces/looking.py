"""Whether an engine is well, asked for nothing: neither money nor anybody's face."""

import io
from uuid import UUID

from PIL import Image

from acme_media.faces.engine import FaceEngine

_NO_PROJECT = UUID(int=0)
_SIDE = 150
"""Of the crops that templates are made of."""


async def look_at(engine: FaceEngine) -> None:
    """A template of a black square where we make them; else the provider is asked for faces of no project."""
    if await engine.enrolled(_NO_PROJECT) is None:
        await engine.template(_black_square())


def _black_square() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (_SIDE, _SIDE)).save(buffer, "PNG")
    return buffer.getvalue()
