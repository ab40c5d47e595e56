"""The signer's URLs are botocore's, letter by letter, whatever is signed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.config import Config
from hypothesis import given, settings
from hypothesis import strategies as st

from acme_core.clock import utc_now
from acme_storage.gateway import attachment
from acme_storage.signer import Credentials, UrlSigner

ENDPOINTS = (
    "http://127.0.0.1:3900",
    "https://account.r2.cloudflarestorage.com",
    "https://s3.example.com:443",
    "http://s3.example.com:443",
    "https://s3.example.com/behind/",
    "http://[::1]:3900",
)
CREDENTIALS = Credentials("AKIA/with+signs=", "secret/with+signs=", "eu-central-1")
letters = st.text(
    st.characters(min_codepoint=1, exclude_categories=["Cs"], exclude_characters="\r\n"), min_size=1
)
object_keys = letters.map(lambda text: text.strip("/") or "x")
moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001 - hypothesis adds the zone
    lambda at: at.replace(microsecond=0)
)
media_types = st.from_regex(
    r"[\w.+-]{1,20}/[\w.+-]{1,20}", fullmatch=True, alphabet=st.characters(codec="ascii")
)


@pytest.fixture(scope="module")
def clients() -> dict[str, Any]:
    config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
    return {
        endpoint: boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=CREDENTIALS.region,
            aws_access_key_id=CREDENTIALS.access_key_id,
            aws_secret_access_key=CREDENTIALS.secret_access_key,
            config=config,
        )
        for endpoint in ENDPOINTS
    }


class Clock:
    now = utc_now()


@pytest.fixture(scope="module", autouse=True)
def clock() -> Iterator[None]:
    """botocore asks for the time itself; its signer, and nothing else, is told another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.auth.get_current_datetime", lambda *_, **__: Clock.now)
        yield


@settings(max_examples=1000, deadline=None)
@given(
    endpoint=st.sampled_from(ENDPOINTS),
    key=object_keys,
    at=moments,
    ttl_s=st.integers(1, 7 * 86400),
    filename=st.none() | letters,
)
def test_a_download_is_signed_as_botocore_signs_it(
    clients: dict[str, Any], endpoint: str, key: str, at: datetime, ttl_s: int, filename: str | None
) -> None:
    params, query = {"Bucket": "acme-photos", "Key": key}, {}
    if filename is not None:
        params["ResponseContentDisposition"] = attachment(filename)
        query["response-content-disposition"] = attachment(filename)
    Clock.now = at
    expected = clients[endpoint].generate_presigned_url("get_object", Params=params, ExpiresIn=ttl_s)
    signer = UrlSigner(endpoint, "acme-photos", CREDENTIALS)
    assert signer.sign("GET", key, at=at, ttl_s=ttl_s, query=query) == expected


@settings(max_examples=1000, deadline=None)
@given(
    endpoint=st.sampled_from(ENDPOINTS),
    key=object_keys,
    at=moments,
    media_type=media_types,
    size=st.integers(0, 10**12),
)
def test_an_upload_is_signed_as_botocore_signs_it(
    clients: dict[str, Any], endpoint: str, key: str, at: datetime, media_type: str, size: int
) -> None:
    params = {
        "Bucket": "acme-photos",
        "Key": key,
        "ContentType": media_type,
        "ContentLength": size,
        "IfNoneMatch": "*",
    }
    headers = {"Content-Type": media_type, "Content-Length": str(size), "If-None-Match": "*"}
    Clock.now = at
    expected = clients[endpoint].generate_presigned_url("put_object", Params=params, ExpiresIn=900)
    signer = UrlSigner(endpoint, "acme-photos", CREDENTIALS)
    assert signer.sign("PUT", key, at=at, ttl_s=900, headers=headers) == expected


def test_one_signer_serves_many_days_and_lives(clients: dict[str, Any]) -> None:
    """What it keeps from one URL to the next is never another's."""
    signer, endpoint = UrlSigner(ENDPOINTS[0], "acme-photos", CREDENTIALS), ENDPOINTS[0]
    for hour in range(0, 200, 7):
        for ttl_s in (60, 900):
            Clock.now = datetime.fromtimestamp(1_764_000_000 + hour * 3600, UTC)
            params = {"Bucket": "acme-photos", "Key": "a/b.jpg"}
            expected = clients[endpoint].generate_presigned_url("get_object", Params=params, ExpiresIn=ttl_s)
            assert signer.sign("GET", "a/b.jpg", at=Clock.now, ttl_s=ttl_s) == expected
