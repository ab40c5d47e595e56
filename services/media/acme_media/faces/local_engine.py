"""Faces found and embedded on this machine's own cores."""

import asyncio
import io
from collections.abc import Sequence
from functools import cached_property
from uuid import UUID

import numpy as np
from PIL import Image

from acme_media.faces.detector import Detection, Detector
from acme_media.faces.engine import TemplateStore
from acme_media.faces.matching import REACH, confidence
from acme_media.faces.networks import shared_embedder
from acme_media.faces.quality import brightness, sharpness
from acme_media.faces.values import Box, Candidate, FoundFace, Pixels, Vectors

VERSION = "dlib-resnet-v1"
BATCH = 32
"""Crops embedded at once: more take memory, and gain nothing."""
NEAREST = 5
"""People looked at per face: the best, and who contests it."""


class LocalEngine:
    def __init__(self, templates: TemplateStore) -> None:
        self._templates = templates

    @property
    def version(self) -> str:
        return VERSION

    @cached_property
    def _detector(self) -> Detector:
        return Detector()

    async def find_faces(self, picture: Image.Image) -> list[FoundFace]:
        return await asyncio.to_thread(self.find_faces_now, picture)

    def find_faces_now(self, picture: Image.Image) -> list[FoundFace]:
        """Blocks for as long as the detector takes."""
        return [_found(item, picture.size) for item in self._detector.detect(picture)]

    async def template(self, crop: bytes) -> list[float] | None:
        vectors = await asyncio.to_thread(embed_crops, [crop])
        return [float(value) for value in vectors[0]]

    async def enrol(self, project_id: UUID, user_id: UUID, selfie_id: UUID, crop: bytes) -> str | None:  # noqa: ARG002 - membership and template are in the database
        return None

    async def search(self, project_id: UUID, crops: Sequence[bytes]) -> list[list[Candidate]]:
        if not crops:
            return []
        return await self.search_vectors(project_id, await asyncio.to_thread(embed_crops, crops))

    async def search_vectors(self, project_id: UUID, vectors: Vectors) -> list[list[Candidate]]:
        members = await self._templates.count(project_id)
        found = await self._templates.nearest(project_id, vectors, NEAREST)
        return [
            [Candidate(user_id, confidence(distance, members), distance) for user_id, distance in nearest]
            for nearest in found
        ]

    async def sift(self, selfies: Sequence[bytes], crops: Sequence[bytes]) -> list[bool]:
        """By distance alone: the crowd, the margin and the face's size can only lower a score."""
        if not selfies or not crops:
            return [False] * len(crops)
        return await asyncio.to_thread(_within_reach, selfies, crops)

    async def forget(self, project_id: UUID, face_ids: Sequence[str]) -> None:
        """Nothing is kept outside the database."""

    async def enrolled(self, project_id: UUID) -> None:  # noqa: ARG002 - whatever the project
        return None


def embed_crops(crops: Sequence[bytes]) -> Vectors:
    """Blocks; n PNG crops to n x 128."""
    return shared_embedder().embed([_pixels(crop) for crop in crops])


def _within_reach(selfies: Sequence[bytes], crops: Sequence[bytes]) -> list[bool]:
    templates = embed_crops(selfies)
    near: list[bool] = []
    for start in range(0, len(crops), BATCH):
        vectors = embed_crops(crops[start : start + BATCH])
        near += [bool(least <= REACH) for least in distances(vectors, templates).min(axis=1)]
    return near


def distances(vectors: Vectors, templates: Vectors) -> Vectors:
    """Euclidean, n x m."""
    gaps: Vectors = np.linalg.norm(vectors[:, None, :] - templates[None, :, :], axis=2)
    return gaps


def _pixels(crop: bytes) -> Pixels:
    with Image.open(io.BytesIO(crop)) as picture:
        return np.asarray(picture.convert("RGB"))


def _found(item: Detection, size: tuple[int, int]) -> FoundFace:
    width, height = size
    buffer = io.BytesIO()
    Image.fromarray(item.chip).save(buffer, "PNG", compress_level=1)
    return FoundFace(
        box=Box.within(item.left / width, item.top / height, item.right / width, item.bottom / height),
        size_px=item.size,
        score=item.score,
        sharpness=sharpness(item.chip),
        brightness=brightness(item.chip),
        crop=buffer.getvalue(),
        roll=item.roll,
        yaw=item.yaw,
    )
