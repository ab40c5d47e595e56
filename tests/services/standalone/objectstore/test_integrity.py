"""Bodies that are not what was announced, in every encoding that clients use."""

import base64
import gzip
import hashlib
import io
import socket
import zlib
from typing import Any

import httpx
import pytest
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError
from mypy_boto3_s3 import S3Client

from tests.services.standalone.objectstore.endpoints import Endpoint
from tests.services.standalone.objectstore.signing import Signer, error_code

MIB = 1024 * 1024


def crc32(body: bytes) -> str:
    return base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()


def md5(body: bytes) -> str:
    return base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()


def assert_nothing_stored(s3: S3Client, bucket: str) -> None:
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def put_with(signer: Signer, bucket: str, body: bytes, **headers: str) -> httpx.Response:
    url = signer.url(bucket, "object")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.put(url, content=body, headers=signer.headers("PUT", url, headers=named, body=body))


# Digests


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("content_md5", md5(b"other"), "BadDigest"),
        ("content_md5", "not base64", "InvalidDigest"),
        ("content_md5", "c2hvcnQ=", "InvalidDigest"),
        ("x_amz_checksum_crc32", crc32(b"other"), "BadDigest"),
        ("x_amz_checksum_sha256", crc32(b"body"), "InvalidDigest"),
        ("x_amz_checksum_xxhash3", crc32(b"body"), "NotImplemented"),
    ],
)
def test_wrong_digest_is_refused(
    signer: Signer, our_s3: S3Client, our_bucket: str, header: str, value: str, code: str
) -> None:
    assert error_code(put_with(signer, our_bucket, b"body", **{header: value})) == code
    assert_nothing_stored(our_s3, our_bucket)


def test_right_digests_are_accepted(signer: Signer, our_bucket: str) -> None:
    response = put_with(
        signer, our_bucket, b"body", content_md5=md5(b"body"), x_amz_checksum_crc32=crc32(b"body")
    )
    assert response.status_code == 200
    assert response.headers["x-amz-checksum-crc32"] == crc32(b"body")


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_sdk_with_its_default_checksums_round_trips(ours: Endpoint, our_bucket: str, algorithm: str) -> None:
    s3 = ours.client("when_supported")
    body = bytes(range(256)) * 10_000
    s3.put_object(Bucket=our_bucket, Key="object", Body=body, ChecksumAlgorithm=algorithm)  # type: ignore[arg-type]  # one of the literals
    got = s3.get_object(Bucket=our_bucket, Key="object")
    assert got["Body"].read() == body
    assert got[f"Checksum{algorithm}"]  # type: ignore[literal-required]  # one of the keys


def test_sdk_with_its_default_checksums_uploads_in_parts(ours: Endpoint, our_bucket: str) -> None:
    s3 = ours.client("when_supported")
    body = bytes(range(256)) * (17 * MIB // 256)
    s3.upload_fileobj(io.BytesIO(body), our_bucket, "big")
    assert s3.get_object(Bucket=our_bucket, Key="big")["Body"].read() == body
    assert s3.head_object(Bucket=our_bucket, Key="big")["ETag"].endswith('-3"')


def test_sdk_sends_its_checksum_in_a_trailer(ours: Endpoint, our_bucket: str) -> None:
    s3 = ours.client("when_supported")

    def as_over_tls(params: dict[str, Any], **_: object) -> None:
        params["context"]["checksum"]["request_algorithm"]["in"] = "trailer"

    sent: list[object] = []

    def remember(request: AWSRequest, **_: object) -> None:
        sent.append(request.headers["x-amz-content-sha256"])

    s3.meta.events.register("before-call.s3.PutObject", as_over_tls)
    s3.meta.events.register("before-send.s3.PutObject", remember)
    body = bytes(range(256)) * (3 * MIB // 256)
    compressed = gzip.compress(body)
    s3.put_object(Bucket=our_bucket, Key="object", Body=compressed, ContentEncoding="gzip")
    assert sent == [b"STREAMING-UNSIGNED-PAYLOAD-TRAILER"]
    got = s3.get_object(Bucket=our_bucket, Key="object")
    assert got["Body"].read() == compressed
    assert got["ContentEncoding"] == "gzip"


# Lengths


def raw_exchange(endpoint: Endpoint, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", endpoint.port), timeout=10) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def raw_put(signer: Signer, bucket: str, body: bytes, *lines: str) -> bytes:
    url = signer.url(bucket, "object")
    headers = signer.headers("PUT", url, body=body)
    fields = [f"{name}: {value}" for name, value in headers.items()]
    head = [
        f"PUT /{bucket}/object HTTP/1.1",
        f"Host: 127.0.0.1:{signer.endpoint.port}",
        *fields,
        *lines,
        "Connection: close",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 3", "Content-Length: 4"),
        ("Content-Length: 4", "Transfer-Encoding: chunked"),
        ("Content-Length: +4",),
        ("Transfer-Encoding: chunked",),
        (),
    ],
    ids=["two lengths", "length and chunks", "sign", "chunks that are none", "none"],
)
def test_body_of_doubtful_length_is_refused(
    ours: Endpoint, signer: Signer, our_s3: S3Client, our_bucket: str, lines: tuple[str, ...]
) -> None:
    answer = raw_exchange(ours, raw_put(signer, our_bucket, b"body", *lines))
    assert b"HTTP/1.1 200" not in answer
    assert_nothing_stored(our_s3, our_bucket)


def test_the_same_body_of_right_length_is_stored(
    ours: Endpoint, signer: Signer, our_s3: S3Client, our_bucket: str
) -> None:
    request = raw_put(signer, our_bucket, b"body", "Content-Length: 4")
    assert raw_exchange(ours, request).startswith(b"HTTP/1.1 200")
    assert our_s3.get_object(Bucket=our_bucket, Key="object")["Body"].read() == b"body"


def test_body_without_a_length_is_refused(signer: Signer, our_s3: S3Client, our_bucket: str) -> None:
    url = signer.url(our_bucket, "object")
    response = httpx.put(url, content=iter([b"body"]), headers=signer.headers("PUT", url, body=b"body"))
    assert (response.status_code, error_code(response)) == (411, "MissingContentLength")
    assert_nothing_stored(our_s3, our_bucket)


def test_refusal_before_the_body_leaves_the_connection_usable(our_s3: S3Client, our_bucket: str) -> None:
    """SDKs send `Expect: 100-continue`, and no body once they are refused."""
    our_s3.put_object(Bucket=our_bucket, Key="once", Body=b"first")
    for _ in range(3):
        with pytest.raises(ClientError, match="PreconditionFailed"):
            our_s3.put_object(Bucket=our_bucket, Key="once", Body=b"second" * 1000, IfNoneMatch="*")
        assert our_s3.get_object(Bucket=our_bucket, Key="once")["Body"].read() == b"first"


def test_object_above_the_limit_is_refused_before_it_is_sent(
    ours: Endpoint, signer: Signer, our_bucket: str
) -> None:
    url = signer.url(our_bucket, "huge")
    headers = signer.headers("PUT", url, headers={"x-amz-content-sha256": "UNSIGNED-PAYLOAD"})
    head = [f"PUT /{our_bucket}/huge HTTP/1.1", f"Host: 127.0.0.1:{ours.port}", "Expect: 100-continue"]
    fields = [*(f"{name}: {value}" for name, value in headers.items()), f"Content-Length: {5 * 1024**3 + 1}"]
    answer = raw_exchange(ours, "\r\n".join([*head, *fields, "", ""]).encode())
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"<Code>EntityTooLarge</Code>" in answer
    assert b"connection: close" in answer
