"""The adapter against botocore's Stubber: every call as AWS wants it, every refusal as AWS words it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import boto3
import numpy as np
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import ANY, Stubber
from PIL import Image

from acme_media.faces.engine import PermanentFaceError, TransientFaceError
from acme_media.faces.rekognition import RekognitionEngine
from acme_media.faces.rekognition.calls import TRIES
from acme_media.faces.rekognition.pictures import MAX_IMAGE_BYTES, encoded
from tests.services.harness import picture

PROJECT, ANN, BOB, SELFIE = (UUID(int=number) for number in (7, 1, 2, 3))
COLLECTION = f"project-{PROJECT}"
CROP = b"jpeg"


@pytest.fixture
def client() -> Any:
    """What is not stubbed stays on this machine, where nobody listens."""
    return boto3.client(
        "rekognition",
        region_name="eu-central-1",
        endpoint_url="http://127.0.0.1:1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )


@pytest.fixture
def stub(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def engine(client: Any) -> RekognitionEngine:
    return RekognitionEngine(client)


def image() -> Image.Image:
    return Image.open(io.BytesIO(picture(1, (1000, 800)))).convert("RGB")


SEARCH = {
    "CollectionId": COLLECTION,
    "Image": {"Bytes": CROP},
    "FaceMatchThreshold": 55.0,
    "MaxFaces": 20,
    "QualityFilter": "NONE",
}


async def test_every_face_is_found_with_its_crop(stub: Stubber, engine: RekognitionEngine) -> None:
    boxes = [(0.1, 0.1, 0.05, 0.1), (0.5, 0.2, 0.2, 0.3)]
    details = [
        {"BoundingBox": {"Left": x, "Top": y, "Width": w, "Height": h}, "Confidence": 99.0}
        for x, y, w, h in boxes
    ]
    stub.add_response(
        "detect_faces", {"FaceDetails": details}, {"Image": {"Bytes": ANY}, "Attributes": ["DEFAULT"]}
    )
    faces = await engine.find_faces(image())
    assert [round(face.size_px) for face in faces] == [240, 80]
    with Image.open(io.BytesIO(faces[0].crop)) as crop:
        assert crop.format == "JPEG"
        assert crop.width > 200


async def test_a_selfie_is_indexed_into_the_projects_collection(
    stub: Stubber, engine: RekognitionEngine
) -> None:
    stub.add_client_error("create_collection", "ResourceAlreadyExistsException")
    stub.add_response(
        "index_faces",
        {"FaceRecords": [{"Face": {"FaceId": "11111111-1111-1111-1111-111111111111"}}]},
        {
            "CollectionId": COLLECTION,
            "Image": {"Bytes": CROP},
            "ExternalImageId": f"u:{ANN}:s:{SELFIE}",
            "MaxFaces": 1,
            "QualityFilter": "NONE",
        },
    )
    face_id = await engine.enrol(PROJECT, ANN, SELFIE, CROP)
    assert face_id == "11111111-1111-1111-1111-111111111111"
    assert await engine.template(CROP) is None


async def test_a_crop_without_a_face_cannot_be_enrolled(stub: Stubber, engine: RekognitionEngine) -> None:
    stub.add_response("create_collection", {"StatusCode": 200})
    stub.add_response("index_faces", {"FaceRecords": []})
    with pytest.raises(PermanentFaceError):
        await engine.enrol(PROJECT, ANN, SELFIE, CROP)


async def test_the_best_score_of_each_guest_is_kept(stub: Stubber, engine: RekognitionEngine) -> None:
    matches = [
        {"Similarity": score, "Face": {"ExternalImageId": label}}
        for score, label in [
            (81.5, f"u:{ANN}:s:{SELFIE}"),
            (93.25, f"u:{BOB}:s:{SELFIE}"),
            (88.0, f"u:{ANN}:s:{BOB}"),
            (60.0, f"u:{ANN}:s:{ANN}"),
            (99.0, "somebody else's label"),
        ]
    ]
    stub.add_response("search_faces_by_image", {"FaceMatches": matches}, SEARCH)
    ((first, second),) = await engine.search(PROJECT, [CROP])
    assert (first.user_id, first.confidence, first.distance) == (BOB, 93.25, None)
    assert (second.user_id, second.confidence) == (ANN, 88.0)


@pytest.mark.parametrize("code", ["InvalidParameterException", "ResourceNotFoundException"])
async def test_no_face_in_a_crop_or_nobody_enrolled_is_no_candidate(
    stub: Stubber, engine: RekognitionEngine, code: str
) -> None:
    stub.add_client_error("search_faces_by_image", code)
    assert await engine.search(PROJECT, [CROP]) == [[]]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ThrottlingException", TransientFaceError),
        ("ProvisionedThroughputExceededException", TransientFaceError),
        ("InternalServerError", TransientFaceError),
        ("LimitExceededException", TransientFaceError),
        ("ServiceUnavailable", TransientFaceError),
        ("AccessDeniedException", PermanentFaceError),
        ("InvalidImageFormatException", PermanentFaceError),
    ],
)
async def test_errors_say_whether_to_come_back(
    stub: Stubber, engine: RekognitionEngine, code: str, expected: type[Exception]
) -> None:
    for _ in range(TRIES if expected is TransientFaceError else 1):
        stub.add_client_error("search_faces_by_image", code)
    with pytest.raises(expected, match=code):
        await engine.search(PROJECT, [CROP])


async def test_an_unreachable_provider_is_transient(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://example.com")

    monkeypatch.setattr(client, "detect_faces", fail)
    with pytest.raises(TransientFaceError):
        await RekognitionEngine(client).find_faces(image())


async def test_faces_are_forgotten_and_forgetting_again_is_no_error(
    stub: Stubber, engine: RekognitionEngine
) -> None:
    wish = {"CollectionId": COLLECTION, "FaceIds": ["11111111-1111-1111-1111-111111111111"]}
    stub.add_response("delete_faces", {"DeletedFaces": wish["FaceIds"]}, wish)
    stub.add_client_error("delete_faces", "ResourceNotFoundException")
    await engine.forget(PROJECT, wish["FaceIds"])
    await engine.forget(PROJECT, wish["FaceIds"])
    await engine.forget(PROJECT, [])


def test_a_picture_is_made_to_fit_into_five_mebibytes() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (3000, 4000, 3), dtype=np.uint8)
    assert len(encoded(Image.fromarray(noise))) <= MAX_IMAGE_BYTES


async def test_an_error_of_the_server_is_transient_whatever_its_code(
    stub: Stubber, engine: RekognitionEngine
) -> None:
    for _ in range(TRIES):
        stub.add_client_error("search_faces_by_image", "InternalFailure", http_status_code=500)
    with pytest.raises(TransientFaceError):
        await engine.search(PROJECT, [CROP])


async def test_the_crop_of_a_small_face_is_as_large_as_the_provider_demands(
    stub: Stubber, engine: RekognitionEngine
) -> None:
    box = {"Left": 0.5, "Top": 0.5, "Width": 0.04, "Height": 0.05}
    stub.add_response("detect_faces", {"FaceDetails": [{"BoundingBox": box, "Confidence": 99.0}]})
    (face,) = await engine.find_faces(image())
    assert face.size_px == pytest.approx(40)
    with Image.open(io.BytesIO(face.crop)) as crop:
        assert min(crop.size) >= 80


async def test_a_face_that_the_provider_keeps_on_to_is_not_forgotten_yet(
    stub: Stubber, engine: RekognitionEngine
) -> None:
    face_id = "11111111-1111-1111-1111-111111111111"
    gone = {"FaceId": face_id, "Reasons": ["FACE_NOT_FOUND"]}
    kept = {"FaceId": face_id, "Reasons": ["ASSOCIATED_TO_AN_EXISTING_USER"]}
    stub.add_response("delete_faces", {"UnsuccessfulFaceDeletions": [gone]})
    await engine.forget(PROJECT, [face_id])
    stub.add_response("delete_faces", {"UnsuccessfulFaceDeletions": [kept]})
    with pytest.raises(TransientFaceError):
        await engine.forget(PROJECT, [face_id])


async def test_many_faces_are_forgotten_in_calls_of_a_size_that_aws_takes(
    stub: Stubber, engine: RekognitionEngine
) -> None:
    face_ids = [str(UUID(int=number)) for number in range(5000)]
    for part in (face_ids[:4096], face_ids[4096:]):
        wish = {"CollectionId": COLLECTION, "FaceIds": part}
        stub.add_response("delete_faces", {"DeletedFaces": part}, wish)
    await engine.forget(PROJECT, face_ids)


async def test_a_collection_is_dropped_and_dropping_it_again_is_no_error(
    stub: Stubber, engine: RekognitionEngine
) -> None:
    stub.add_response("delete_collection", {"StatusCode": 200}, {"CollectionId": COLLECTION})
    stub.add_client_error("delete_collection", "ResourceNotFoundException")
    stub.add_client_error("delete_collection", "AccessDeniedException")
    await engine.drop(PROJECT)
    await engine.drop(PROJECT)
    with pytest.raises(PermanentFaceError):
        await engine.drop(PROJECT)


async def test_members_who_resemble_an_enrolled_face_are_told(
    stub: Stubber, engine: RekognitionEngine
) -> None:
    face_id = "11111111-1111-1111-1111-111111111111"
    found = [{"Similarity": 91.5, "Face": {"ExternalImageId": f"u:{BOB}:s:{SELFIE}"}}]
    wish = {"CollectionId": COLLECTION, "FaceId": face_id, "FaceMatchThreshold": 55.0, "MaxFaces": 20}
    stub.add_response("search_faces", {"FaceMatches": found}, wish)
    stub.add_client_error("search_faces", "InvalidParameterException")
    (other,) = await engine.resembling(PROJECT, face_id)
    assert (other.user_id, other.confidence) == (BOB, 91.5)
    assert await engine.resembling(PROJECT, face_id) == []


@dataclass
class Tally:
    """Turns that were waited for, and calls that are paid for."""

    turns: list[str] = field(default_factory=list)
    paid: list[str] = field(default_factory=list)

    async def turn(self, operation: str) -> None:
        self.turns.append(operation)

    def count(self, operation: str) -> None:
        self.paid.append(operation)


async def test_every_try_waits_for_its_turn_and_what_was_answered_is_paid_for(
    client: Any, stub: Stubber
) -> None:
    tally = Tally()
    engine = RekognitionEngine(client, tally, tally)
    stub.add_client_error("search_faces_by_image", "ThrottlingException")
    stub.add_response("search_faces_by_image", {"FaceMatches": []})
    stub.add_client_error("search_faces_by_image", "InvalidParameterException")
    stub.add_response("list_faces", {"Faces": []})
    await engine.search(PROJECT, [CROP, CROP])
    await engine.enrolled(PROJECT)
    assert tally.turns == ["SearchFacesByImage"] * 3 + ["ListFaces"]
    assert tally.paid == ["SearchFacesByImage"], "neither refusals nor lists"


async def test_what_botocore_will_not_send_is_refused_for_good(engine: RekognitionEngine) -> None:
    with pytest.raises(PermanentFaceError, match="ParamValidationError"):
        await engine.resembling(PROJECT, 7)  # type: ignore[arg-type] # a mistake of ours, found on the way out
