"""Attacks on signatures: each must end in the error that S3 gives, and with nothing stored or told."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from botocore.exceptions import ClientError
from mypy_boto3_s3 import S3Client

from acme_standalone.processes.ports import free_port
from tests.services.standalone.objectstore.endpoints import (
    ACCESS_KEY_ID,
    SECRET_ACCESS_KEY,
    Endpoint,
)
from tests.services.standalone.objectstore.signing import (
    PresignedUpload,
    Signer,
    error_code,
    presigned_upload,
)

BODY = b"\xff\xd8 the bytes of a photo"


@pytest.fixture
def upload(signer: Signer, our_bucket: str) -> PresignedUpload:
    return presigned_upload(signer, our_bucket, "photos/1.jpg", BODY)


def assert_nothing_stored(s3: S3Client, bucket: str) -> None:
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def without(url: str, parameter: str) -> str:
    return re.sub(rf"[?&]{parameter}=[^&]*", "", url).replace("&", "?", 1 if "?" not in url else 0)


# The presigned upload of the platform


def test_presigned_upload_as_announced_is_stored(
    upload: PresignedUpload, our_s3: S3Client, our_bucket: str
) -> None:
    signed = parse_qs(urlsplit(upload.url).query)["X-Amz-SignedHeaders"]
    assert signed == ["content-length;content-type;host;if-none-match"]
    assert upload.put().status_code == 200
    got = our_s3.get_object(Bucket=our_bucket, Key="photos/1.jpg")
    assert (got["Body"].read(), got["ContentType"]) == (BODY, "image/jpeg")


def test_presigned_upload_works_once(upload: PresignedUpload, our_s3: S3Client, our_bucket: str) -> None:
    assert upload.put().status_code == 200
    second = upload.put(body=BODY[::-1])
    assert (second.status_code, error_code(second)) == (412, "PreconditionFailed")
    assert our_s3.get_object(Bucket=our_bucket, Key="photos/1.jpg")["Body"].read() == BODY


@pytest.mark.parametrize(
    "changed",
    [
        {"content-type": "text/html"},
        {"content-type": None},
        {"if-none-match": None},
        {"if-none-match": '"0123"'},
        {"host": "elsewhere.example"},
    ],
    ids=["other type", "no type", "no condition", "other condition", "other host"],
)
def test_presigned_upload_with_another_header_is_refused(
    upload: PresignedUpload, our_s3: S3Client, our_bucket: str, changed: dict[str, str | None]
) -> None:
    response = upload.put(changed=changed)
    assert (response.status_code, error_code(response)) == (403, "SignatureDoesNotMatch")
    assert_nothing_stored(our_s3, our_bucket)


@pytest.mark.parametrize("body", [BODY[:-1], BODY + b"!", b""], ids=["shorter", "longer", "empty"])
def test_presigned_upload_of_another_length_is_refused(
    upload: PresignedUpload, our_s3: S3Client, our_bucket: str, body: bytes
) -> None:
    response = upload.put(body=body, changed={"content-length": str(len(body))})
    assert (response.status_code, error_code(response)) == (403, "SignatureDoesNotMatch")
    assert_nothing_stored(our_s3, our_bucket)


def test_presigned_upload_of_unannounced_length_is_refused(
    upload: PresignedUpload, our_s3: S3Client, our_bucket: str
) -> None:
    headers = {name: value for name, value in upload.headers.items() if name != "content-length"}
    response = httpx.put(upload.url, content=iter([BODY]), headers=headers)
    assert (response.status_code, error_code(response)) == (403, "SignatureDoesNotMatch")
    assert_nothing_stored(our_s3, our_bucket)


@pytest.mark.parametrize(
    "added",
    [
        {"x-amz-meta-owner": "me"},
        {"x-amz-copy-source": "/other-bucket/secret"},
        {"x-amz-acl": "public-read"},
        {"x-amz-content-sha256": "UNSIGNED-PAYLOAD"},
    ],
    ids=["metadata", "copy source", "acl", "payload"],
)
def test_amz_header_added_to_a_presigned_upload_is_refused(
    upload: PresignedUpload, our_s3: S3Client, our_bucket: str, added: dict[str, str]
) -> None:
    response = upload.put(changed=added)
    assert (response.status_code, error_code(response)) == (403, "AccessDenied")
    assert_nothing_stored(our_s3, our_bucket)


@pytest.mark.parametrize("method", ["GET", "DELETE", "HEAD"])
def test_presigned_upload_url_is_good_for_no_other_method(upload: PresignedUpload, method: str) -> None:
    response = httpx.request(method, upload.url, content=upload.body, headers=upload.headers)
    assert response.status_code == 403


def test_presigned_upload_url_takes_no_sub_resource(upload: PresignedUpload) -> None:
    assert httpx.put(f"{upload.url}&acl", content=BODY, headers=upload.headers).status_code == 403


# Presigned URLs


@pytest.fixture
def stored(our_s3: S3Client, our_bucket: str) -> str:
    our_s3.put_object(Bucket=our_bucket, Key="secret", Body=b"secret")
    return our_bucket


def test_expired_url_is_refused(signer: Signer, stored: str, monkeypatch: pytest.MonkeyPatch) -> None:
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: an_hour_ago)
    response = httpx.get(signer.presign("GET", signer.url(stored, "secret"), expires_s=3599))
    assert (response.status_code, error_code(response)) == (403, "AccessDenied")
    assert "Request has expired" in response.text
    still_good = signer.presign("GET", signer.url(stored, "secret"), expires_s=3660)
    assert httpx.get(still_good).content == b"secret"


def test_url_of_the_future_is_refused(signer: Signer, stored: str, monkeypatch: pytest.MonkeyPatch) -> None:
    in_an_hour = datetime.now(UTC) + timedelta(hours=1)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: in_an_hour)
    response = httpx.get(signer.presign("GET", signer.url(stored, "secret")))
    assert (response.status_code, error_code(response)) == (403, "AccessDenied")


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r"X-Amz-Signature=.{64}", "X-Amz-Signature=" + "0" * 64),
        (r"X-Amz-Signature=(.{32}).*", r"X-Amz-Signature=\1"),
        (r"X-Amz-Signature=.{64}", "X-Amz-Signature=%C3%BC"),
        (r"X-Amz-Expires=60", "X-Amz-Expires=6000"),
        (r"/secret\?", "/another?"),
        (r"$", "&response-content-type=text/html"),
    ],
    ids=["zeroes", "half", "not ascii", "longer validity", "other key", "added parameter"],
)
def test_tampered_url_is_refused(signer: Signer, stored: str, pattern: str, replacement: str) -> None:
    url = signer.presign("GET", signer.url(stored, "secret"))
    response = httpx.get(re.sub(pattern, replacement, url, count=1))
    assert (response.status_code, error_code(response)) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r"X-Amz-Expires=60", "X-Amz-Expires=604801"),
        (r"X-Amz-Expires=60", "X-Amz-Expires=-1"),
        (r"X-Amz-Expires=60", "X-Amz-Expires=0"),
        (r"X-Amz-Expires=60", "X-Amz-Expires=%C2%B2"),
        (r"X-Amz-Expires=60&", ""),
        (r"X-Amz-Signature=.*", ""),
        (r"X-Amz-Date=\w*", "X-Amz-Date=yesterday"),
        (r"X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders=range"),
        (r"auto%2Fs3", "auto%2Fec2"),
        (r"AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
    ],
)
def test_malformed_url_is_refused(signer: Signer, stored: str, pattern: str, replacement: str) -> None:
    url = signer.presign("GET", signer.url(stored, "secret"))
    response = httpx.get(re.sub(pattern, replacement, url, count=1))
    assert (response.status_code, error_code(response)) == (400, "AuthorizationQueryParametersError")


def test_repeated_signature_parameter_is_refused(signer: Signer, stored: str) -> None:
    url = signer.presign("GET", signer.url(stored, "secret"))
    response = httpx.get(f"{url}&X-Amz-Signature={'0' * 64}")
    assert (response.status_code, error_code(response)) == (400, "InvalidArgument")


def test_url_and_header_signed_at_once_is_refused(signer: Signer, stored: str) -> None:
    url = signer.url(stored, "secret")
    response = httpx.get(signer.presign("GET", url), headers=signer.headers("GET", url))
    assert (response.status_code, error_code(response)) == (400, "InvalidArgument")


def test_session_token_is_refused(signer: Signer, stored: str) -> None:
    url = signer.presign("GET", signer.url(stored, "secret", "X-Amz-Security-Token=made-up"))
    response = httpx.get(url)
    assert (response.status_code, error_code(response)) == (400, "InvalidToken")


# Signed headers


@pytest.mark.parametrize(
    ("field", "value", "status", "code"),
    [
        ("secret", "wrong", 403, "SignatureDoesNotMatch"),
        ("access_key_id", "unknown", 403, "InvalidAccessKeyId"),
        ("access_key_id", "ünknown", 403, "InvalidAccessKeyId"),
        ("region", "us-east-1", 400, "AuthorizationHeaderMalformed"),
        ("service", "ec2", 400, "AuthorizationHeaderMalformed"),
    ],
    ids=["secret", "key id", "key id not ascii", "region", "service"],
)
def test_request_signed_otherwise_is_refused(
    signer: Signer, stored: str, field: str, value: str, status: int, code: str
) -> None:
    fields = {"access_key_id": ACCESS_KEY_ID, "secret": SECRET_ACCESS_KEY, "region": "auto", "service": "s3"}
    stranger = Signer(signer.endpoint, **(fields | {field: value}))
    url = stranger.url(stored, "secret")
    headers = [(name.encode(), text.encode()) for name, text in stranger.headers("GET", url).items()]
    response = httpx.get(url, headers=headers)
    assert (response.status_code, error_code(response)) == (status, code)


@pytest.mark.parametrize("minutes", [-20, 20])
def test_request_of_another_time_is_refused(
    signer: Signer, stored: str, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    then = datetime.now(UTC) + timedelta(minutes=minutes)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: then)
    url = signer.url(stored, "secret")
    response = httpx.get(url, headers=signer.headers("GET", url))
    assert (response.status_code, error_code(response)) == (403, "RequestTimeTooSkewed")


def test_request_signed_for_another_host_is_refused(signer: Signer, ours: Endpoint, stored: str) -> None:
    elsewhere = replace(signer, endpoint=replace(ours, port=free_port()))
    headers = elsewhere.headers("GET", elsewhere.url(stored, "secret"))
    response = httpx.get(signer.url(stored, "secret"), headers=headers)
    assert (response.status_code, error_code(response)) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("x-amz-date", "20200101T000000Z", "AuthorizationHeaderMalformed"),
        ("x-amz-date", "never", "AuthorizationHeaderMalformed"),
        ("x-amz-meta-a", "changed", "SignatureDoesNotMatch"),
        ("x-amz-meta-added", "1", "AccessDenied"),
        ("x-amz-content-sha256", "UNSIGNED-PAYLOAD", "SignatureDoesNotMatch"),
        ("Authorization", "AWS4-HMAC-SHA256 nonsense", "AuthorizationHeaderMalformed"),
        ("Authorization", "Bearer token", "InvalidRequest"),
    ],
)
def test_tampered_header_is_refused(
    signer: Signer, our_s3: S3Client, our_bucket: str, name: str, value: str, code: str
) -> None:
    url = signer.url(our_bucket, "object")
    headers = signer.headers("PUT", url, headers={"x-amz-meta-a": "1"}, body=b"1")
    assert httpx.put(signer.url(our_bucket, "control"), content=b"1", headers=headers).status_code == 403
    lowered = {key.lower(): text for key, text in headers.items()}
    response = httpx.put(url, content=b"1", headers=lowered | {name.lower(): value})
    assert error_code(response) == code
    assert_nothing_stored(our_s3, our_bucket)


def test_signed_header_left_out_is_refused_even_when_it_was_empty(
    signer: Signer, our_s3: S3Client, our_bucket: str
) -> None:
    url = signer.url(our_bucket, "object")
    headers = signer.headers("PUT", url, headers={"x-custom": ""}, body=b"1")
    del headers["x-custom"]
    response = httpx.put(url, content=b"1", headers=headers)
    assert (response.status_code, error_code(response)) == (403, "SignatureDoesNotMatch")
    assert_nothing_stored(our_s3, our_bucket)


def test_body_exchanged_after_signing_is_refused(signer: Signer, our_s3: S3Client, our_bucket: str) -> None:
    url = signer.url(our_bucket, "object")
    response = httpx.put(url, content=b"evil", headers=signer.headers("PUT", url, body=b"good"))
    assert (response.status_code, error_code(response)) == (400, "XAmzContentSHA256Mismatch")
    assert_nothing_stored(our_s3, our_bucket)


def test_document_exchanged_after_signing_is_refused(signer: Signer, our_s3: S3Client, stored: str) -> None:
    url = signer.url(stored, query="delete=")
    good = b"<Delete><Object><Key>other1</Key></Object></Delete>"
    headers = signer.headers("POST", url, body=good)
    response = httpx.post(url, content=good.replace(b"other1", b"secret"), headers=headers)
    assert (response.status_code, error_code(response)) == (400, "XAmzContentSHA256Mismatch")
    assert our_s3.list_objects_v2(Bucket=stored)["KeyCount"] == 1


# What is told


def test_anonymous_request_learns_nothing_about_what_exists(ours: Endpoint, stored: str) -> None:
    answers = {
        re.sub(r"<RequestId>.*</RequestId>", "", httpx.get(f"{ours.url}/{path}").text)
        for path in (f"{stored}/secret", f"{stored}/missing", "missing-bucket/secret", stored, "")
    }
    assert len(answers) == 1
    assert "AccessDenied" in answers.pop()


def test_log_holds_no_signature(signer: Signer, ours: Endpoint, stored: str) -> None:
    url = signer.presign("GET", signer.url(stored, "secret"))
    signature = parse_qs(urlsplit(url).query)["X-Amz-Signature"][0]
    assert httpx.get(url).status_code == 200
    assert f'"bucket": "{stored}"' in ours.log
    assert signature not in ours.log
    assert "X-Amz-" not in ours.log


def test_health_needs_no_signature(ours: Endpoint) -> None:
    assert httpx.get(f"{ours.url}/-/health").status_code == 200


def test_wrong_secret_cannot_tell_a_missing_object(ours: Endpoint, stored: str) -> None:
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        ours.client(secret="wrong").get_object(Bucket=stored, Key="missing")
