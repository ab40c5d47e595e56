"""CORS, configured through the same call as in production."""

from pathlib import Path

import httpx
import pytest
from botocore.exceptions import ClientError
from mypy_boto3_s3 import S3Client

from acme_standalone.settings.environment import compose_environment
from acme_standalone.settings.ports import Ports
from acme_standalone.settings.secrets import Secrets
from acme_standalone.supervisor.steps import make_bucket
from tests.services.standalone.objectstore.endpoints import (
    ACCESS_KEY_ID,
    SECRET_ACCESS_KEY,
    Endpoint,
    new_bucket_name,
)
from tests.services.standalone.objectstore.signing import Signer, error_code, presigned_upload

APP = "https://photos.example"


@pytest.fixture
def open_bucket(our_s3: S3Client, our_bucket: str) -> str:
    our_s3.put_bucket_cors(
        Bucket=our_bucket,
        CORSConfiguration={
            "CORSRules": [
                {
                    "AllowedOrigins": [APP, "https://*.photos.example"],
                    "AllowedMethods": ["PUT", "GET"],
                    "AllowedHeaders": ["content-type", "If-None-Match", "x-amz-meta-*"],
                    "ExposeHeaders": ["ETag"],
                    "MaxAgeSeconds": 3600,
                },
                {"AllowedOrigins": ["*"], "AllowedMethods": ["HEAD"]},
            ]
        },
    )
    return our_bucket


def preflight(
    endpoint: Endpoint, bucket: str, origin: str = APP, method: str = "PUT", headers: str = ""
) -> httpx.Response:
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers:
        asked["Access-Control-Request-Headers"] = headers
    return httpx.options(f"{endpoint.url}/{bucket}/photo.jpg", headers=asked)


def test_preflight_of_the_platforms_upload_is_answered(ours: Endpoint, open_bucket: str) -> None:
    response = preflight(ours, open_bucket, headers="Content-Type, if-none-match,x-amz-meta-a")
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == APP
    assert "PUT" in response.headers["access-control-allow-methods"]
    assert response.headers["access-control-allow-headers"] == "content-type, if-none-match, x-amz-meta-a"
    assert response.headers["access-control-max-age"] == "3600"
    assert "Origin" in response.headers["vary"]


def test_wildcard_matches_one_part_of_an_origin(ours: Endpoint, open_bucket: str) -> None:
    good = preflight(ours, open_bucket, origin="https://live.photos.example")
    assert good.headers["access-control-allow-origin"] == "https://live.photos.example"


@pytest.mark.parametrize(
    "asked",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://photos.example.evil"},
        {"origin": "http://photos.example"},
        {"method": "DELETE"},
        {"headers": "content-type,authorization"},
    ],
    ids=["origin", "suffix", "scheme", "method", "header"],
)
def test_preflight_beyond_the_rules_is_refused(
    ours: Endpoint, open_bucket: str, asked: dict[str, str]
) -> None:
    response = preflight(ours, open_bucket, **asked)
    assert (response.status_code, error_code(response)) == (403, "AccessForbidden")
    assert "access-control-allow-origin" not in response.headers


def test_preflight_without_rules_or_bucket_is_refused_alike(ours: Endpoint, our_bucket: str) -> None:
    assert preflight(ours, our_bucket).status_code == 403
    assert preflight(ours, "missing-bucket").status_code == 403


def test_preflight_needs_its_headers(ours: Endpoint, open_bucket: str) -> None:
    assert httpx.options(f"{ours.url}/{open_bucket}/photo.jpg").status_code == 400


def test_answers_of_an_upload_can_be_read_by_the_page(signer: Signer, open_bucket: str) -> None:
    upload = presigned_upload(signer, open_bucket, "photo.jpg", b"photo")
    stored, refused = upload.put(changed={"origin": APP}), upload.put(changed={"origin": APP})
    assert (stored.status_code, refused.status_code) == (200, 412)
    for response in (stored, refused):
        assert response.headers["access-control-allow-origin"] == APP
        assert response.headers["access-control-expose-headers"] == "ETag"


@pytest.mark.parametrize("origin", ["http://localhost:4101", "http://localhost:4102"])
def test_the_web_apps_may_use_the_platforms_bucket_on_the_ports_they_have(
    origin: str, ours: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = compose_environment(tmp_path, Ports.chosen({}, offset=100), Secrets())
    wiring = {
        "S3_ENDPOINT_URL": ours.url,
        "S3_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "S3_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "S3_BUCKET": new_bucket_name(),
    }
    for name, value in wiring.items():
        monkeypatch.setenv(name, value)
    make_bucket(environment)
    bucket = wiring["S3_BUCKET"]
    sent = preflight(ours, bucket, origin, "PUT", "content-length,content-type,if-none-match")
    read = preflight(ours, bucket, origin, "GET", "range")
    for answer in (sent, read):
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == origin
    assert preflight(ours, bucket, "http://localhost:4001").status_code == 403


def test_other_origins_get_no_permission_with_an_answer(signer: Signer, open_bucket: str) -> None:
    response = presigned_upload(signer, open_bucket, "photo.jpg", b"photo").put(
        changed={"origin": "https://evil.example"}
    )
    assert response.status_code == 200
    assert "access-control-allow-origin" not in response.headers


def test_rule_for_every_origin_says_so(ours: Endpoint, open_bucket: str) -> None:
    response = preflight(ours, open_bucket, origin="https://evil.example", method="HEAD")
    assert response.headers["access-control-allow-origin"] == "*"


def test_configuration_is_given_back(our_s3: S3Client, open_bucket: str) -> None:
    first, second = our_s3.get_bucket_cors(Bucket=open_bucket)["CORSRules"]
    assert first == {
        "AllowedOrigins": [APP, "https://*.photos.example"],
        "AllowedMethods": ["PUT", "GET"],
        "AllowedHeaders": ["content-type", "If-None-Match", "x-amz-meta-*"],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": 3600,
    }
    assert second == {"AllowedOrigins": ["*"], "AllowedMethods": ["HEAD"]}


def test_deleted_configuration_is_gone(ours: Endpoint, our_s3: S3Client, open_bucket: str) -> None:
    our_s3.delete_bucket_cors(Bucket=open_bucket)
    with pytest.raises(ClientError, match="NoSuchCORSConfiguration"):
        our_s3.get_bucket_cors(Bucket=open_bucket)
    assert preflight(ours, open_bucket).status_code == 403


@pytest.mark.parametrize(
    "rule",
    [
        {"AllowedOrigins": ["https://*.*"], "AllowedMethods": ["GET"]},
        {"AllowedOrigins": [APP], "AllowedMethods": ["PATCH"]},
        {"AllowedOrigins": [f"{APP}\r\nset-cookie: a=b"], "AllowedMethods": ["GET"]},
    ],
    ids=["two wildcards", "method", "line break"],
)
def test_unusable_rule_is_refused(our_s3: S3Client, our_bucket: str, rule: dict[str, list[str]]) -> None:
    with pytest.raises(ClientError, match=r"MalformedXML|InvalidRequest"):
        our_s3.put_bucket_cors(
            Bucket=our_bucket,
            CORSConfiguration={"CORSRules": [rule]},  # type: ignore[list-item]  # wrong on purpose
        )
