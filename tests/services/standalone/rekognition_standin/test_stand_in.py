"""The stand-in through botocore, which signs, parses and names errors as it does with AWS."""

import io
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from PIL import Image

from acme_standalone.demo.scenes import Person, portrait_of
from acme_standalone.processes.ports import free_port
from tests.services.harness import picture

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient

KEY, SECRET, REGION = "the-tests-access-key", "the-tests-secret-access-key", "eu-central-1"
COLLECTION = "project-1"


class Running:
    """A process with data of its own, that may be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "acme_standalone.rekognition_standin",
            "--data-dir",
            str(self.folder),
        ]
        environment = {**os.environ, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
        self.process = subprocess.Popen([*command, "--port", str(self.port)], env=environment)
        deadline = time.monotonic() + 30
        while True:
            try:
                httpx.get(f"{self.url}/-/health").raise_for_status()
            except httpx.HTTPError:
                assert self.process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                return

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        self.process.wait(20)

    def fail(self, operation: str, error: str, count: int = 1) -> None:
        wish = {"operation": operation, "error": error, "count": count}
        httpx.post(f"{self.url}/_test/faults", json=wish).raise_for_status()

    def client(self, secret: str = SECRET, region: str = REGION, **over: Any) -> "RekognitionClient":
        return boto3.client(
            "rekognition",
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=over.get("key", KEY),
            aws_secret_access_key=secret,
            config=Config(retries={"total_max_attempts": 1}),
        )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    found = Running(tmp_path_factory.mktemp("rekognition"))
    yield found
    found.end()


@pytest.fixture
def client(running: Running) -> "Iterator[RekognitionClient]":
    with closing(running.client()) as found:
        found.create_collection(CollectionId=COLLECTION)
        yield found
        found.delete_collection(CollectionId=COLLECTION)


@cache
def jpeg(*people: Person, side: int = 400) -> bytes:
    """Side by side, each as high as `side`."""
    sheet = Image.new("RGB", (max(1, len(people)) * side, side), "gray")
    for place, person in enumerate(people):
        sheet.paste(portrait_of(person).resize((side, side)), (place * side, 0))
    buffer = io.BytesIO()
    sheet.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def index(client: "RekognitionClient", person: Person, label: str) -> str:
    answer = client.index_faces(CollectionId=COLLECTION, Image={"Bytes": jpeg(person)}, ExternalImageId=label)
    return answer["FaceRecords"][0]["Face"]["FaceId"]


def refusal(call: Any, **wish: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**wish)
    code: str = refused.value.response["Error"]["Code"]
    return code


def test_every_face_is_detected_largest_first(client: "RekognitionClient") -> None:
    one = client.detect_faces(Image={"Bytes": jpeg(Person.GRACE)})["FaceDetails"]
    assert len(one) == 1
    assert one[0]["Confidence"] > 90
    assert 0 < one[0]["BoundingBox"]["Width"] < 1
    both = client.detect_faces(Image={"Bytes": jpeg(Person.EILEEN, Person.GRACE)})["FaceDetails"]
    heights = [face["BoundingBox"]["Height"] for face in both]
    assert heights == sorted(heights, reverse=True)
    assert len(heights) == 2
    assert client.detect_faces(Image={"Bytes": picture(11)})["FaceDetails"] == []


def test_an_indexed_face_is_found_by_another_picture_of_its_person(client: "RekognitionClient") -> None:
    face_id = index(client, Person.EILEEN, "u:eileen")
    index(client, Person.GRACE, "u:grace")
    found = client.search_faces_by_image(
        CollectionId=COLLECTION, Image={"Bytes": jpeg(Person.EILEEN, side=300)}, FaceMatchThreshold=55
    )
    (match,) = found["FaceMatches"]
    assert (match["Face"]["FaceId"], match["Face"]["ExternalImageId"]) == (face_id, "u:eileen")
    assert 75 < match["Similarity"] <= 100
    everybody = client.search_faces_by_image(
        CollectionId=COLLECTION, Image={"Bytes": jpeg(Person.EILEEN)}, FaceMatchThreshold=0
    )["FaceMatches"]
    assert [item["Face"]["ExternalImageId"] for item in everybody] == ["u:eileen", "u:grace"]


def test_the_largest_face_alone_is_searched(client: "RekognitionClient") -> None:
    index(client, Person.EILEEN, "u:eileen")
    index(client, Person.GRACE, "u:grace")
    sheet = Image.new("RGB", (900, 600), "gray")
    sheet.paste(portrait_of(Person.GRACE).resize((600, 600)), (0, 0))
    sheet.paste(portrait_of(Person.EILEEN).resize((300, 300)), (600, 0))
    buffer = io.BytesIO()
    sheet.save(buffer, "JPEG")
    found = client.search_faces_by_image(CollectionId=COLLECTION, Image={"Bytes": buffer.getvalue()})
    assert [item["Face"]["ExternalImageId"] for item in found["FaceMatches"]] == ["u:grace"]


def test_a_face_is_searched_among_the_others_of_its_collection(client: "RekognitionClient") -> None:
    first = index(client, Person.EILEEN, "u:1")
    again = client.index_faces(
        CollectionId=COLLECTION, Image={"Bytes": jpeg(Person.EILEEN, side=300)}, ExternalImageId="u:2"
    )["FaceRecords"][0]["Face"]["FaceId"]
    index(client, Person.GRACE, "u:3")
    found = client.search_faces(CollectionId=COLLECTION, FaceId=first)["FaceMatches"]
    assert [item["Face"]["FaceId"] for item in found] == [again]
    unknown = "11111111-1111-1111-1111-111111111111"
    assert (
        refusal(client.search_faces, CollectionId=COLLECTION, FaceId=unknown) == "InvalidParameterException"
    )


def test_the_same_image_of_the_same_name_is_kept_once(client: "RekognitionClient") -> None:
    assert index(client, Person.GRACE, "u:1") == index(client, Person.GRACE, "u:1")
    assert index(client, Person.GRACE, "u:2") != index(client, Person.GRACE, "u:1")
    assert len(client.list_faces(CollectionId=COLLECTION)["Faces"]) == 2


def test_no_more_faces_are_indexed_than_wanted(client: "RekognitionClient") -> None:
    answer = client.index_faces(
        CollectionId=COLLECTION, Image={"Bytes": jpeg(Person.EILEEN, Person.GRACE)}, MaxFaces=1
    )
    assert len(answer["FaceRecords"]) == 1
    assert answer["UnindexedFaces"][0]["Reasons"] == ["EXCEEDS_MAX_FACES"]
    assert client.index_faces(CollectionId=COLLECTION, Image={"Bytes": picture(1)})["FaceRecords"] == []


def test_faces_are_listed_in_pages_and_deleted(client: "RekognitionClient") -> None:
    made = [index(client, Person.GRACE, f"u:{number}") for number in range(5)]
    pages = client.get_paginator("list_faces").paginate(
        CollectionId=COLLECTION, PaginationConfig={"PageSize": 2}
    )
    assert [[face["FaceId"] for face in page["Faces"]] for page in pages] == [made[:2], made[2:4], made[4:]]
    unknown = "11111111-1111-1111-1111-111111111111"
    deleted = client.delete_faces(CollectionId=COLLECTION, FaceIds=[made[0], unknown])
    assert deleted["DeletedFaces"] == [made[0]]
    assert [item["FaceId"] for item in deleted["UnsuccessfulFaceDeletions"]] == [unknown]
    assert [face["FaceId"] for face in client.list_faces(CollectionId=COLLECTION)["Faces"]] == made[1:]
    code = refusal(client.list_faces, CollectionId=COLLECTION, NextToken="no token")
    assert code == "InvalidPaginationTokenException"


def test_faces_are_compared_without_being_kept(client: "RekognitionClient") -> None:
    answer = client.compare_faces(
        SourceImage={"Bytes": jpeg(Person.GRACE)},
        TargetImage={"Bytes": jpeg(Person.EILEEN, Person.GRACE, side=300)},
        SimilarityThreshold=55,
    )
    (match,), (other,) = answer["FaceMatches"], answer["UnmatchedFaces"]
    assert match["Face"]["BoundingBox"]["Left"] > 0.5 > other["BoundingBox"]["Left"]
    assert match["Similarity"] > 75
    assert client.list_faces(CollectionId=COLLECTION)["Faces"] == []
    images = {"SourceImage": {"Bytes": jpeg(Person.GRACE)}, "TargetImage": {"Bytes": picture(11)}}
    assert refusal(client.compare_faces, **images) == "InvalidParameterException"


def test_collections_are_made_once_and_end_with_their_faces(running: Running) -> None:
    with closing(running.client()) as client:
        client.create_collection(CollectionId="short")
        assert refusal(client.create_collection, CollectionId="short") == "ResourceAlreadyExistsException"
        client.index_faces(CollectionId="short", Image={"Bytes": jpeg(Person.GRACE)})
        client.delete_collection(CollectionId="short")
        for call in (client.delete_collection, client.list_faces):
            assert refusal(call, CollectionId="short") == "ResourceNotFoundException"
        client.create_collection(CollectionId="short")
        assert client.list_faces(CollectionId="short")["Faces"] == []
        client.delete_collection(CollectionId="short")


def small(side: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"no picture", "InvalidImageFormatException"),
        (picture(1, form="WEBP"), "InvalidImageFormatException"),
        (small(79), "InvalidParameterException"),
        (b"x" * (5 * 1024 * 1024 + 1), "ImageTooLargeException"),
    ],
)
def test_a_picture_that_aws_refuses_is_refused_alike(
    client: "RekognitionClient", body: bytes, code: str
) -> None:
    assert refusal(client.detect_faces, Image={"Bytes": body}) == code


def test_a_face_of_less_than_forty_pixels_is_overlooked(client: "RekognitionClient") -> None:
    found = client.detect_faces(Image={"Bytes": jpeg(Person.GRACE, side=80)})["FaceDetails"]
    assert all(face["BoundingBox"]["Height"] * 80 >= 40 for face in found)
    sheet = Image.new("RGB", (3840, 2160), "gray")
    sheet.paste(portrait_of(Person.GRACE).resize((140, 140)), (100, 100))
    buffer = io.BytesIO()
    sheet.save(buffer, "JPEG", quality=95)
    assert client.detect_faces(Image={"Bytes": buffer.getvalue()})["FaceDetails"] == []


def test_what_is_signed_wrongly_is_refused(running: Running) -> None:
    call = {"CollectionId": COLLECTION}
    with closing(running.client(secret="another-secret")) as client:
        assert refusal(client.list_faces, **call) == "InvalidSignatureException"
    with closing(running.client(key="nobody")) as client:
        assert refusal(client.list_faces, **call) == "UnrecognizedClientException"
    with closing(running.client(region="us-east-1")) as client:
        assert refusal(client.list_faces, **call) == "IncompleteSignatureException"
    bare = httpx.post(running.url, headers={"x-amz-target": "RekognitionService.ListFaces"}, json=call)
    assert (bare.status_code, bare.json()["__type"]) == (400, "MissingAuthenticationTokenException")


def test_a_body_that_is_changed_under_way_is_refused(running: Running) -> None:
    sent: dict[str, Any] = {}

    def keep(request: Any, **_: object) -> None:
        sent.update(headers=dict(request.headers.items()), body=request.body)

    with closing(running.client()) as client:
        client.meta.events.register("before-send.rekognition.ListFaces", keep)
        assert refusal(client.list_faces, CollectionId="none-1") == "ResourceNotFoundException"
    headers = {
        name: text.decode() if isinstance(text, bytes) else text for name, text in sent["headers"].items()
    }
    changed = httpx.post(
        running.url + "/", headers=headers, content=sent["body"].replace(b"none-1", b"none-2")
    )
    assert changed.json()["__type"] == "InvalidSignatureException"
    same = httpx.post(running.url + "/", headers=headers, content=sent["body"])
    assert same.json()["__type"] == "ResourceNotFoundException"


def test_what_is_out_of_bounds_is_a_validation_error(running: Running) -> None:
    with closing(running.client()) as client:
        assert refusal(client.list_faces, CollectionId="a b") == "ValidationException"
        code = refusal(
            client.search_faces_by_image, CollectionId="a", Image={"Bytes": b"x"}, FaceMatchThreshold=101
        )
        assert code == "ValidationException"
        assert refusal(client.list_collections) == "UnknownOperationException"


def test_faults_strike_as_often_as_planned(running: Running, client: "RekognitionClient") -> None:
    running.fail("ListFaces", "ProvisionedThroughputExceededException", 2)
    codes = [refusal(client.list_faces, CollectionId=COLLECTION) for _ in range(2)]
    assert codes == ["ProvisionedThroughputExceededException"] * 2
    assert client.list_faces(CollectionId=COLLECTION)["Faces"] == []


def test_what_was_answered_survives_kill_9(tmp_path: Path) -> None:
    running = Running(tmp_path)
    with closing(running.client()) as client:
        client.create_collection(CollectionId=COLLECTION)
        face_id = index(client, Person.GRACE, "u:grace")
    running.end(signal.SIGKILL)
    running.start()
    with closing(running.client()) as client:
        found = client.search_faces_by_image(
            CollectionId=COLLECTION, Image={"Bytes": jpeg(Person.GRACE, side=300)}
        )
        assert [item["Face"]["FaceId"] for item in found["FaceMatches"]] == [face_id]
    running.end()
    with closing(sqlite3.connect(tmp_path / "rekognition.sqlite")) as kept:
        assert kept.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_it_refuses_to_serve_production(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "acme_standalone.rekognition_standin", "--data-dir", str(tmp_path)]
    environment = {**os.environ, "ACME_ENV": "production"}
    ended = subprocess.run(
        [*command, "--port", "1"], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "stand-in" in ended.stderr
