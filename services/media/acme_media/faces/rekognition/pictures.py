"""Pictures as Rekognition takes them, and faces as it tells of them."""

import io
import math
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from acme_media.faces.engine import PermanentFaceError
from acme_media.faces.networks import CHIP_SIDE
from acme_media.faces.quality import brightness, sharpness
from acme_media.faces.values import Box, FoundFace

if TYPE_CHECKING:
    from mypy_boto3_rekognition.type_defs import FaceDetailTypeDef

MAX_IMAGE_BYTES = 5 * 1024 * 1024
MAX_SIDE = 4096
MARGIN = 0.35
MIN_IMAGE_SIDE = 80
"""Smaller pictures are refused with the code that also says "no face": small faces would never match."""


def encoded(picture: Image.Image) -> bytes:
    """JPEG of at most 5 MiB."""
    for side, quality in ((MAX_SIDE, 92), (MAX_SIDE, 80), (MAX_SIDE // 2, 80), (MAX_SIDE // 4, 80)):
        shrunk = picture.copy()
        shrunk.thumbnail((side, side), Image.Resampling.LANCZOS)
        body = jpeg(shrunk, quality)
        if len(body) <= MAX_IMAGE_BYTES:
            return body
    raise PermanentFaceError("the picture does not fit into 5 MiB")


def jpeg(picture: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def found_face(picture: Image.Image, detail: "FaceDetailTypeDef") -> FoundFace:
    bounds = detail["BoundingBox"]
    box = Box(bounds["Left"], bounds["Top"], bounds["Width"], bounds["Height"])
    crop = _crop(picture, box)
    chip = np.asarray(crop.resize((CHIP_SIDE, CHIP_SIDE), Image.Resampling.BILINEAR))
    return FoundFace(
        box=box,
        size_px=max(box.width * picture.width, box.height * picture.height),
        score=detail["Confidence"] / 100.0,
        sharpness=sharpness(chip),
        brightness=brightness(chip),
        crop=jpeg(crop, 92),
    )


def _crop(picture: Image.Image, box: Box) -> Image.Image:
    room_x, room_y = box.width * MARGIN, box.height * MARGIN
    frame = (
        max(0, round((box.left - room_x) * picture.width)),
        max(0, round((box.top - room_y) * picture.height)),
        min(picture.width, round((box.left + box.width + room_x) * picture.width)),
        min(picture.height, round((box.top + box.height + room_y) * picture.height)),
    )
    crop = picture.crop(frame)
    zoom = MIN_IMAGE_SIDE / min(crop.size)
    if zoom <= 1:
        return crop
    size = (math.ceil(crop.width * zoom), math.ceil(crop.height * zoom))
    return crop.resize(size, Image.Resampling.BICUBIC)
