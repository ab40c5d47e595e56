"""What Rekognition does, operation by operation."""

import base64
import binascii
import hashlib
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from acme_standalone.rekognition_standin import requests as ask
from acme_standalone.rekognition_standin.errors import ErrorType, RekognitionError, no_collection, no_face
from acme_standalone.rekognition_standin.eyes import Eyes, SeenFace
from acme_standalone.rekognition_standin.shapes import (
    MODEL_VERSION,
    Shape,
    bounding_box,
    face_detail,
    stored_face,
)
from acme_standalone.rekognition_standin.similarity import matches, similarity
from acme_standalone.rekognition_standin.store import Store, StoredFace


@dataclass(frozen=True)
class Operation:
    request: type[ask.Asked]
    run: Callable[[Any], Awaitable[Shape]]


class Operations:
    def __init__(self, store: Store, eyes: Eyes) -> None:
        self._store = store
        self._eyes = eyes
        self.by_name: Mapping[str, Operation] = {
            "CreateCollection": Operation(ask.Collection, self.create_collection),
            "DeleteCollection": Operation(ask.Collection, self.delete_collection),
            "DetectFaces": Operation(ask.DetectFaces, self.detect_faces),
            "IndexFaces": Operation(ask.IndexFaces, self.index_faces),
            "SearchFacesByImage": Operation(ask.SearchFacesByImage, self.search_faces_by_image),
            "SearchFaces": Operation(ask.SearchFaces, self.search_faces),
            "DeleteFaces": Operation(ask.DeleteFaces, self.delete_faces),
            "ListFaces": Operation(ask.ListFaces, self.list_faces),
            "CompareFaces": Operation(ask.CompareFaces, self.compare_faces),
        }

    async def create_collection(self, asked: ask.Collection) -> Shape:
        if not self._store.create(asked.collection_id):
            message = f"The collection id: {asked.collection_id} already exists"
            raise RekognitionError(ErrorType.RESOURCE_ALREADY_EXISTS, message)
        arn = f"aws:rekognition:local:000000000000:collection/{asked.collection_id}"
        return {"StatusCode": 200, "CollectionArn": arn, "FaceModelVersion": MODEL_VERSION}

    async def delete_collection(self, asked: ask.Collection) -> Shape:
        if not self._store.delete(asked.collection_id):
            raise no_collection(asked.collection_id)
        return {"StatusCode": 200}

    async def detect_faces(self, asked: ask.DetectFaces) -> Shape:
        return {"FaceDetails": [face_detail(face) for face in await self._eyes.faces(asked.image.read())]}

    async def index_faces(self, asked: ask.IndexFaces) -> Shape:
        self._require(asked.collection_id)
        picture = asked.image.read()
        found = await self._eyes.faces(picture)
        self._require(asked.collection_id)
        wanted, left = found[: asked.max_faces], found[asked.max_faces :]
        image = str(uuid.UUID(hashlib.sha256(picture).hexdigest()[:32]))
        kept = self._store.add(asked.collection_id, image, asked.external_image_id, wanted)
        records = zip(kept, wanted, strict=True)
        return {
            "FaceRecords": [
                {"Face": stored_face(face), "FaceDetail": face_detail(seen)} for face, seen in records
            ],
            "UnindexedFaces": [
                {"Reasons": ["EXCEEDS_MAX_FACES"], "FaceDetail": face_detail(face)} for face in left
            ],
            "FaceModelVersion": MODEL_VERSION,
        }

    async def search_faces_by_image(self, asked: ask.SearchFacesByImage) -> Shape:
        self._require(asked.collection_id)
        probe = await self._largest(asked.image)
        faces = self._store.faces(asked.collection_id)
        return {
            "SearchedFaceBoundingBox": bounding_box(probe.box),
            "SearchedFaceConfidence": probe.confidence,
            "FaceMatches": _face_matches(matches(probe.vector, faces, asked.threshold, asked.max_faces)),
            "FaceModelVersion": MODEL_VERSION,
        }

    async def search_faces(self, asked: ask.SearchFaces) -> Shape:
        self._require(asked.collection_id)
        faces = self._store.faces(asked.collection_id)
        probe = next((face for face in faces if face.id == asked.face_id), None)
        if probe is None:
            raise RekognitionError(ErrorType.INVALID_PARAMETER, "faceId was not found in the collection.")
        others = [face for face in faces if face is not probe]
        return {
            "SearchedFaceId": probe.id,
            "FaceMatches": _face_matches(matches(probe.vector, others, asked.threshold, asked.max_faces)),
            "FaceModelVersion": MODEL_VERSION,
        }

    async def delete_faces(self, asked: ask.DeleteFaces) -> Shape:
        self._require(asked.collection_id)
        deleted = self._store.remove(asked.collection_id, asked.face_ids)
        missed = sorted(set(asked.face_ids) - set(deleted))
        failures = [{"FaceId": face_id, "Reasons": ["FACE_NOT_FOUND"]} for face_id in missed]
        return {"DeletedFaces": deleted, "UnsuccessfulFaceDeletions": failures}

    async def list_faces(self, asked: ask.ListFaces) -> Shape:
        self._require(asked.collection_id)
        after = _number(asked.next_token) if asked.next_token else 0
        size = asked.max_results or 1000
        faces = self._store.faces(asked.collection_id, after=after, limit=size + 1)
        page = faces[:size]
        answer: Shape = {"Faces": [stored_face(face) for face in page], "FaceModelVersion": MODEL_VERSION}
        return answer if len(faces) <= size else {**answer, "NextToken": _token(page[-1].number)}

    async def compare_faces(self, asked: ask.CompareFaces) -> Shape:
        source = await self._largest(asked.source)
        found = await self._eyes.faces(asked.target.read())
        if not found:
            raise no_face()
        scored = sorted(
            ((similarity(source.vector, face.vector), face) for face in found), key=lambda pair: -pair[0]
        )
        return {
            "SourceImageFace": {"BoundingBox": bounding_box(source.box), "Confidence": source.confidence},
            "FaceMatches": [
                {"Similarity": score, "Face": face_detail(face)}
                for score, face in scored
                if score >= asked.threshold
            ],
            "UnmatchedFaces": [face_detail(face) for score, face in scored if score < asked.threshold],
        }

    def _require(self, collection: str) -> None:
        if not self._store.exists(collection):
            raise no_collection(collection)

    async def _largest(self, image: ask.Picture) -> SeenFace:
        faces = await self._eyes.faces(image.read())
        if not faces:
            raise no_face()
        return faces[0]


def _face_matches(found: list[tuple[float, StoredFace]]) -> list[Shape]:
    return [{"Similarity": score, "Face": stored_face(face)} for score, face in found]


def _token(number: int) -> str:
    return base64.b64encode(str(number).encode()).decode()


def _number(token: str) -> int:
    try:
        return int(base64.b64decode(token, validate=True))
    except (binascii.Error, ValueError) as error:
        raise RekognitionError(ErrorType.INVALID_PAGINATION_TOKEN, "Invalid pagination token") from error
