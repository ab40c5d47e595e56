"""What the jobs rely on, asked of both engines alike."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import boto3
import numpy as np
import pytest
from botocore.stub import ANY, Stubber
from PIL import Image

from acme_media.faces.engine import FaceEngine
from acme_media.faces.local_engine import LocalEngine, embed_crops
from acme_media.faces.rekognition import RekognitionEngine
from acme_media.faces.values import Vectors
from acme_standalone.demo.scenes import Person, portrait_of

PROJECT, ANN, BOB, SELFIE = (UUID(int=number) for number in (7, 1, 2, 3))
FACE_ID = "11111111-1111-1111-1111-111111111111"
BOX = {"Left": 0.3, "Top": 0.2, "Width": 0.3, "Height": 0.4}


@dataclass
class MemoryTemplates:
    """Exact search, one entry a person."""

    vectors: dict[UUID, Vectors] = field(default_factory=dict)

    async def count(self, project_id: UUID) -> int:
        return len(self.vectors) if project_id == PROJECT else 0

    async def nearest(self, project_id: UUID, vectors: Vectors, limit: int) -> list[list[tuple[UUID, float]]]:
        people = self.vectors if project_id == PROJECT else {}
        return [
            sorted(
                ((user, float(np.linalg.norm(own - vector, axis=1).min())) for user, own in people.items()),
                key=lambda entry: entry[1],
            )[:limit]
            for vector in vectors
        ]


@pytest.fixture
def templates() -> MemoryTemplates:
    return MemoryTemplates()


@pytest.fixture
def local(templates: MemoryTemplates) -> LocalEngine:
    return LocalEngine(templates)


@pytest.fixture
def rekognition() -> Iterator[RekognitionEngine]:
    client: Any = boto3.client(
        "rekognition", region_name="eu-central-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    with Stubber(client) as stub:
        stub.add_response("detect_faces", {"FaceDetails": [{"BoundingBox": BOX, "Confidence": 99.0}]})
        stub.add_response("create_collection", {"StatusCode": 200})
        stub.add_response("index_faces", {"FaceRecords": [{"Face": {"FaceId": FACE_ID}}]})
        found = [
            {"Similarity": score, "Face": {"ExternalImageId": f"u:{user}:s:{SELFIE}"}}
            for user, score in ((BOB, 56.0), (ANN, 99.0), (ANN, 98.0))
        ]
        stub.add_response("search_faces_by_image", {"FaceMatches": found})
        forgotten = {"CollectionId": ANY, "FaceIds": [FACE_ID]}
        stub.add_response("delete_faces", {"DeletedFaces": [FACE_ID]}, forgotten)
        stub.add_client_error("delete_faces", "ResourceNotFoundException")
        yield RekognitionEngine(client)
        stub.assert_no_pending_responses()


@pytest.fixture(params=["local", "rekognition"])
def engine(request: pytest.FixtureRequest) -> FaceEngine:
    found: FaceEngine = request.getfixturevalue(request.param)
    return found


async def test_a_guest_is_enrolled_found_and_forgotten(
    engine: FaceEngine, templates: MemoryTemplates
) -> None:
    portrait = portrait_of(Person.EILEEN)
    face = (await engine.find_faces(portrait))[0]
    assert face.size_px > 60
    template = await engine.template(face.crop)
    if template is not None:
        know(templates, np.array([template], np.float32))
    face_id = await engine.enrol(PROJECT, ANN, SELFIE, face.crop)
    assert (template is None) == (face_id is not None), "either we keep the face, or the provider does"
    ((best, second),) = await engine.search(PROJECT, [face.crop])
    assert (best.user_id, second.user_id) == (ANN, BOB)
    assert 100 >= best.confidence > second.confidence >= 0
    for _ in range(2):
        await engine.forget(PROJECT, [FACE_ID])


def know(templates: MemoryTemplates, ann: Vectors) -> None:
    """Bob is a stranger; Ann has a second template that is far off."""
    templates.vectors = {BOB: ann + 0.1, ANN: np.concatenate([ann + 1, ann])}


@pytest.mark.parametrize("kind", ["local", "rekognition"])
async def test_nothing_to_search_or_forget_calls_nobody(kind: str) -> None:
    client: Any = boto3.client(
        "rekognition", region_name="eu-central-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    with Stubber(client):
        engine: FaceEngine = LocalEngine(MemoryTemplates()) if kind == "local" else RekognitionEngine(client)
        assert await engine.search(PROJECT, []) == []
        await engine.forget(PROJECT, [])


async def test_another_projects_members_are_not_found(local: LocalEngine, templates: MemoryTemplates) -> None:
    face = (await local.find_faces(portrait_of(Person.EILEEN)))[0]
    know(templates, embed_crops([face.crop]))
    assert [len(found) for found in await local.search(PROJECT, [face.crop])] == [2]
    assert await local.search(UUID(int=8), [face.crop]) == [[]]


async def test_a_picture_without_faces_has_none(local: LocalEngine) -> None:
    assert await local.find_faces(Image.new("RGB", (640, 480), "gray")) == []
