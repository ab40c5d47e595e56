"""What was acknowledged is there after a crash; what was not leaves nothing."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from botocore.exceptions import BotoCoreError, ClientError
from mypy_boto3_s3 import S3Client

from tests.services.standalone.objectstore.endpoints import Endpoint, ours_at, rclone_at
from tests.services.standalone.objectstore.signing import Signer

BUCKET = "durable"


def stored_files(endpoint: Endpoint) -> list[Path]:
    folders = (endpoint.data_dir / "blobs", endpoint.data_dir / "incoming")
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def crashing(tmp_path: Path) -> Iterator[Endpoint]:
    endpoint = ours_at(tmp_path / "data")
    endpoint.start()
    endpoint.client().create_bucket(Bucket=BUCKET)
    yield endpoint
    endpoint.kill()


@pytest.fixture(params=["ours", "rclone"])
def restarting(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Endpoint]:
    make = {"ours": ours_at, "rclone": rclone_at}[request.param]
    endpoint = make(tmp_path / "data")
    endpoint.start()
    yield endpoint
    endpoint.kill()


def test_object_comes_back_after_a_restart_as_it_was(restarting: Endpoint) -> None:
    s3 = restarting.client()
    s3.create_bucket(Bucket=BUCKET)
    put = s3.put_object(
        Bucket=BUCKET, Key="no-extension", Body=b"1", ContentType="image/jpeg", Metadata={"a": "b"}
    )
    restarting.kill()
    restarting.start()
    got = s3.get_object(Bucket=BUCKET, Key="no-extension")
    assert (got["Body"].read(), got["ETag"]) == (b"1", put["ETag"])
    assert (got["ContentType"], got["Metadata"]) == ("image/jpeg", {"a": "b"})


def test_everything_acknowledged_before_a_kill_is_whole(crashing: Endpoint) -> None:
    acknowledged: dict[str, int] = {}

    def put_until_refused(worker: int) -> None:
        s3 = crashing.client()
        for number in range(10_000):
            key, size = f"{worker}/{number}", 50_000 + number
            try:
                s3.put_object(Bucket=BUCKET, Key=key, Body=os.urandom(size), Metadata={"n": str(number)})
            except (BotoCoreError, ClientError):
                return
            acknowledged[key] = size

    with ThreadPoolExecutor(4) as pool:
        for worker in range(4):
            pool.submit(put_until_refused, worker)
        while len(acknowledged) < 40:
            time.sleep(0.01)
        crashing.kill()

    crashing.start()
    s3 = crashing.client()
    assert len(acknowledged) >= 40
    for key, size in acknowledged.items():
        got = s3.get_object(Bucket=BUCKET, Key=key)
        assert len(got["Body"].read()) == size
        assert got["Metadata"] == {"n": key.partition("/")[2]}
    assert_index_agrees_with_disk(crashing, s3)


def assert_index_agrees_with_disk(endpoint: Endpoint, s3: S3Client) -> None:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    sizes = sorted(entry["Size"] for page in pages for entry in page.get("Contents", []))
    assert sorted(path.stat().st_size for path in stored_files(endpoint)) == sizes


def test_orphans_are_collected_at_start(crashing: Endpoint) -> None:
    crashing.client().put_object(Bucket=BUCKET, Key="kept", Body=b"kept")
    crashing.kill()
    (crashing.data_dir / "blobs" / "ab" / ("ab" * 16)).write_bytes(b"renamed, never committed")
    (crashing.data_dir / "incoming" / ("cd" * 16)).write_bytes(b"never finished")
    crashing.start()
    assert [path.read_bytes() for path in stored_files(crashing)] == [b"kept"]


def test_multipart_upload_survives_a_kill(crashing: Endpoint) -> None:
    s3 = crashing.client()
    upload_id = s3.create_multipart_upload(Bucket=BUCKET, Key="big")["UploadId"]
    etag = s3.upload_part(Bucket=BUCKET, Key="big", UploadId=upload_id, PartNumber=1, Body=b"part")["ETag"]
    crashing.kill()
    crashing.start()
    s3.complete_multipart_upload(
        Bucket=BUCKET,
        Key="big",
        UploadId=upload_id,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": etag}]},
    )
    assert s3.get_object(Bucket=BUCKET, Key="big")["Body"].read() == b"part"
    assert len(stored_files(crashing)) == 1


def test_replaced_deleted_and_aborted_objects_free_their_files(crashing: Endpoint) -> None:
    s3 = crashing.client()
    s3.put_object(Bucket=BUCKET, Key="object", Body=b"1")
    s3.put_object(Bucket=BUCKET, Key="object", Body=b"2")
    upload_id = s3.create_multipart_upload(Bucket=BUCKET, Key="big")["UploadId"]
    for body in (b"part", b"the same part again"):
        s3.upload_part(Bucket=BUCKET, Key="big", UploadId=upload_id, PartNumber=1, Body=body)
    assert sorted(path.read_bytes() for path in stored_files(crashing)) == [b"2", b"the same part again"]
    s3.abort_multipart_upload(Bucket=BUCKET, Key="big", UploadId=upload_id)
    s3.delete_object(Bucket=BUCKET, Key="object")
    assert stored_files(crashing) == []


def test_download_goes_on_while_its_object_is_replaced(crashing: Endpoint) -> None:
    s3 = crashing.client()
    body = os.urandom(20 * 1024 * 1024)
    s3.put_object(Bucket=BUCKET, Key="object", Body=body)
    stream = s3.get_object(Bucket=BUCKET, Key="object")["Body"]
    beginning = stream.read(1000)
    s3.put_object(Bucket=BUCKET, Key="object", Body=b"short")
    s3.delete_object(Bucket=BUCKET, Key="object")
    assert beginning + stream.read() == body


def test_abandoned_download_lets_go_of_its_file(crashing: Endpoint) -> None:
    s3 = crashing.client()
    s3.put_object(Bucket=BUCKET, Key="object", Body=os.urandom(50 * 1024 * 1024))
    assert crashing.process is not None
    server = psutil.Process(crashing.process.pid)

    def open_blobs() -> int:
        return sum("/blobs/" in file.path for file in server.open_files())

    stream = s3.get_object(Bucket=BUCKET, Key="object")["Body"]
    stream.read(1000)
    assert open_blobs() == 1
    stream.close()
    wait_for(lambda: open_blobs() == 0)


def test_upload_cut_short_leaves_nothing(crashing: Endpoint) -> None:
    signer = Signer(crashing)
    url = signer.url(BUCKET, "cut")
    headers = signer.headers("PUT", url, headers={"content-length": "1000"}, body=b"x" * 1000)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", crashing.port)) as connection:
        head = f"PUT /{BUCKET}/cut HTTP/1.1\r\nHost: 127.0.0.1:{crashing.port}\r\n{lines}\r\n"
        connection.sendall(head.encode() + b"x" * 500)
        wait_for(lambda: len(stored_files(crashing)) == 1)
    wait_for(lambda: stored_files(crashing) == [])
    with pytest.raises(ClientError, match="404"):
        crashing.client().head_object(Bucket=BUCKET, Key="cut")


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true"
        time.sleep(0.01)


def run_to_end(endpoint: Endpoint, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        endpoint.command, env=environment, capture_output=True, text=True, timeout=30, check=False
    )


CREDENTIALS = {"S3_ACCESS_KEY_ID": "key", "S3_SECRET_ACCESS_KEY": "long-enough"}


def test_second_start_on_the_same_data_is_refused(crashing: Endpoint) -> None:
    ended = run_to_end(ours_at(crashing.data_dir), **CREDENTIALS)
    assert ended.returncode != 0
    assert "another object store runs on" in ended.stderr
    crashing.client().head_bucket(Bucket=BUCKET)


def test_start_in_production_is_refused(tmp_path: Path) -> None:
    ended = run_to_end(ours_at(tmp_path / "data"), ACME_ENV="production", **CREDENTIALS)
    assert ended.returncode != 0
    assert "never serves production" in ended.stderr
    assert not (tmp_path / "data").exists()


def test_start_without_a_usable_secret_is_refused_and_does_not_print_it(tmp_path: Path) -> None:
    credentials = CREDENTIALS | {"S3_SECRET_ACCESS_KEY": "tiny"}
    ended = run_to_end(ours_at(tmp_path / "data"), **credentials)
    assert ended.returncode != 0
    assert "OBJECTSTORE_SECRET_ACCESS_KEY" in ended.stderr
    assert "tiny" not in ended.stderr
