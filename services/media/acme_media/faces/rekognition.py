"""AWS Rekognition. It cannot read our object store, so it is sent JPEG bytes.

SearchFacesByImage looks at the largest face only: every face is found first, cut out and searched alone.
A project's collection holds its consenting members and nobody else.
"""

import asyncio
import io
import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import numpy as np
from botocore.exceptions import BotoCoreError, ClientError
from PIL import Image

from acme_media.faces.engine import PermanentFaceError, TransientFaceError
from acme_media.faces.networks import CHIP_SIDE
from acme_media.faces.quality import brightness, sharpness
from acme_media.faces.values import Box, Candidate, FoundFace

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient
    from mypy_boto3_rekognition.type_defs import FaceDetailTypeDef

T = TypeVar("T")

VERSION = "rekognition"
MAX_IMAGE_BYTES = 5 * 1024 * 1024
MAX_SIDE = 4096
FACE_MATCH_THRESHOLD = 55.0
"""Its own default is 80, which would leave the review band empty."""
MAX_FACES = 20
MARGIN = 0.35
MIN_IMAGE_SIDE = 80
"""Smaller pictures are refused with the code that also says "no face": small faces would never match."""
_TRANSIENT = {
    "InternalServerError",
    "ExpiredTokenException",  # the machine's role renews it
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "ServiceUnavailable",
    "ThrottlingException",
}

_SERVER_ERROR = 500


def collection_id(project_id: UUID) -> str:
    return f"project-{project_id}"


def external_id(user_id: UUID, selfie_id: UUID) -> str:
    return f"u:{user_id}:s:{selfie_id}"


class RekognitionEngine:
    def __init__(self, client: "RekognitionClient") -> None:
        self._client = client

    @property
    def version(self) -> str:
        return VERSION

    async def find_faces(self, picture: Image.Image) -> list[FoundFace]:
        body = await asyncio.to_thread(_encoded, picture)
        answer = await self._call(
            lambda: self._client.detect_faces(Image={"Bytes": body}, Attributes=["DEFAULT"])
        )
        found = [_found(picture, detail) for detail in answer["FaceDetails"]]
        return sorted(found, key=lambda face: -face.size_px)

    async def template(self, crop: bytes) -> list[float] | None:  # noqa: ARG002 - it never hands vectors out
        return None

    async def enrol(self, project_id: UUID, user_id: UUID, selfie_id: UUID, crop: bytes) -> str | None:
        """Raises `PermanentFaceError` when no face of the crop can be indexed."""
        collection = collection_id(project_id)
        await self._ensure_collection(collection)
        answer = await self._call(
            lambda: self._client.index_faces(
                CollectionId=collection,
                Image={"Bytes": crop},
                ExternalImageId=external_id(user_id, selfie_id),
                MaxFaces=1,
                QualityFilter="NONE",
            )
        )
        if not answer["FaceRecords"]:
            raise PermanentFaceError("no face could be indexed")
        return answer["FaceRecords"][0]["Face"]["FaceId"]

    async def search(self, project_id: UUID, crops: Sequence[bytes]) -> list[list[Candidate]]:
        collection = collection_id(project_id)
        return [await self._search_one(collection, crop) for crop in crops]

    async def sift(self, selfies: Sequence[bytes], crops: Sequence[bytes]) -> list[bool]:  # noqa: ARG002 - none is left out
        """Every photo is matched in full: nothing is missed, at a search per crop."""
        return [True] * len(crops)

    async def forget(self, project_id: UUID, face_ids: Sequence[str]) -> None:
        if not face_ids:
            return
        try:
            await self._call(
                lambda: self._client.delete_faces(
                    CollectionId=collection_id(project_id), FaceIds=list(face_ids)
                )
            )
        except _CodedError as error:
            if error.code != "ResourceNotFoundException":
                raise

    async def enrolled(self, project_id: UUID) -> Sequence[str]:
        def call() -> list[str]:
            pages = self._client.get_paginator("list_faces").paginate(
                CollectionId=collection_id(project_id), PaginationConfig={"PageSize": 1000}
            )
            return [face["FaceId"] for page in pages for face in page["Faces"]]

        try:
            return await self._call(call)
        except _CodedError as error:
            if error.code == "ResourceNotFoundException":
                return ()
            raise

    async def _search_one(self, collection: str, crop: bytes) -> list[Candidate]:
        try:
            answer = await self._call(
                lambda: self._client.search_faces_by_image(
                    CollectionId=collection,
                    Image={"Bytes": crop},
                    FaceMatchThreshold=FACE_MATCH_THRESHOLD,
                    MaxFaces=MAX_FACES,
                    QualityFilter="NONE",
                )
            )
        except _CodedError as error:
            if error.code in {"InvalidParameterException", "ResourceNotFoundException"}:
                return []  # no face in this crop, or nobody enrolled yet
            raise
        return _best_per_user(
            (match["Face"].get("ExternalImageId", ""), match["Similarity"]) for match in answer["FaceMatches"]
        )

    async def _ensure_collection(self, collection: str) -> None:
        try:
            await self._call(lambda: self._client.create_collection(CollectionId=collection))
        except _CodedError as error:
            if error.code != "ResourceAlreadyExistsException":
                raise

    async def _call(self, call: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(call)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if code in _TRANSIENT or status >= _SERVER_ERROR:
                raise TransientFaceError(code) from error
            raise _CodedError(code) from error
        except BotoCoreError as error:
            raise TransientFaceError(type(error).__name__) from error


class _CodedError(PermanentFaceError):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _best_per_user(matches: Iterable[tuple[str, float]]) -> list[Candidate]:
    best: dict[UUID, float] = {}
    for label, similarity in matches:
        user_id = _user_of(label)
        if user_id is not None:
            best[user_id] = max(best.get(user_id, 0.0), similarity)
    return [Candidate(user_id, score) for user_id, score in sorted(best.items(), key=lambda item: -item[1])]


def _user_of(label: str) -> UUID | None:
    parts = label.split(":")
    try:
        return UUID(parts[1]) if parts[0] == "u" else None
    except (IndexError, ValueError):
        return None


def _encoded(picture: Image.Image) -> bytes:
    """JPEG of at most 5 MiB."""
    for side, quality in ((MAX_SIDE, 92), (MAX_SIDE, 80), (MAX_SIDE // 2, 80), (MAX_SIDE // 4, 80)):
        shrunk = picture.copy()
        shrunk.thumbnail((side, side), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        shrunk.save(buffer, "JPEG", quality=quality)
        if buffer.tell() <= MAX_IMAGE_BYTES:
            return buffer.getvalue()
    raise PermanentFaceError("the picture does not fit into 5 MiB")


def _found(picture: Image.Image, detail: "FaceDetailTypeDef") -> FoundFace:
    bounds = detail["BoundingBox"]
    box = Box(bounds["Left"], bounds["Top"], bounds["Width"], bounds["Height"])
    crop = _crop(picture, box)
    chip = np.asarray(crop.resize((CHIP_SIDE, CHIP_SIDE), Image.Resampling.BILINEAR))
    buffer = io.BytesIO()
    crop.save(buffer, "JPEG", quality=92)
    return FoundFace(
        box=box,
        size_px=max(box.width * picture.width, box.height * picture.height),
        score=detail["Confidence"] / 100.0,
        sharpness=sharpness(chip),
        brightness=brightness(chip),
        crop=buffer.getvalue(),
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
