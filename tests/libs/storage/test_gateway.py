from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acme_config.settings import StorageSettings
from acme_storage.gateway import ObjectMissing, ObjectStorage, StorageUnavailable, attachment
from acme_storage.pictures import KEPT_URLS, PictureUrls
from acme_storage.signer import Credentials, UrlSigner

SIGNER = UrlSigner("http://127.0.0.1:3900", "acme-photos", Credentials("id", "secret", "auto"))


@pytest.fixture
async def storage(object_store_url: str, monkeypatch: pytest.MonkeyPatch) -> ObjectStorage:
    monkeypatch.setenv("S3_ENDPOINT_URL", object_store_url)
    found = ObjectStorage(StorageSettings())
    await found.ensure_bucket(["http://localhost:4001"])
    return found


async def test_objects_are_written_read_and_deleted(storage: ObjectStorage) -> None:
    prefix = f"tests/{uuid4()}/"
    for name in ("a", "b/c"):
        await storage.write(prefix + name, name.encode(), "image/jpeg")
    assert await storage.read(f"{prefix}b/c") == b"b/c"
    stored = await storage.head(f"{prefix}a")
    assert (stored.size_bytes, stored.content_type) == (1, "image/jpeg")
    assert await storage.delete_prefix(prefix) == 2
    assert await storage.delete_prefix(prefix) == 0
    with pytest.raises(ObjectMissing):
        await storage.head(f"{prefix}a")
    with pytest.raises(ObjectMissing):
        await storage.read(f"{prefix}a")


async def test_making_the_bucket_again_is_no_error(storage: ObjectStorage) -> None:
    await storage.ensure_bucket(["http://localhost:4001", "http://localhost:4002"])
    await storage.is_reachable()


async def test_a_wrong_key_is_unavailable_not_missing(
    object_store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S3_ENDPOINT_URL", object_store_url)
    monkeypatch.setenv("S3_SECRET_ACCESS_KEY", "the wrong secret access key")
    with pytest.raises(StorageUnavailable):
        await ObjectStorage(StorageSettings()).read("anything")


@given(st.text(min_size=1, max_size=80))
def test_no_file_name_breaks_out_of_its_header(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        return
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    message = EmailMessage()
    message["Content-Disposition"] = header
    assert message.get_content_disposition() == "attachment"


def test_a_file_name_arrives_in_its_own_letters() -> None:
    assert (
        attachment("Grüße.jpg") == "attachment; filename=\"Grue.jpg\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.jpg"
    )


async def test_an_upload_url_takes_what_was_announced_and_a_download_brings_it_under_its_name(
    storage: ObjectStorage,
) -> None:
    key = f"tests/{uuid4()}/Grüße & so+on~.jpg"
    upload = storage.presign_upload(key, "image/jpeg", 4)
    async with httpx.AsyncClient() as http:
        other = {**upload.headers, "Content-Type": "image/png"}
        assert (await http.put(upload.url, content=b"1234", headers=other)).status_code == 403
        longer = {**upload.headers, "Content-Length": "5"}
        assert (await http.put(upload.url, content=b"12345", headers=longer)).status_code == 403
        assert (await http.put(upload.url, content=b"1234", headers=upload.headers)).status_code == 200
        assert (await http.put(upload.url, content=b"1234", headers=upload.headers)).status_code == 412
        got = await http.get(storage.presign_download(key, filename="a b.jpg").url)
        assert (got.content, got.headers["content-disposition"]) == (b"1234", attachment("a b.jpg"))
        assert (await http.get(storage.picture_url(key))).content == b"1234"


def test_a_picture_keeps_its_url_through_a_window(monkeypatch: pytest.MonkeyPatch) -> None:
    start = 1_764_000_000 - 1_764_000_000 % 300
    pictures = PictureUrls(SIGNER, ttl_s=900, window_s=300)
    found = []
    for now in (start, start + 299, start + 300):
        monkeypatch.setattr("time.time", partial(int, now))
        found.append(pictures.url("a"))
    assert found[0] == found[1] != found[2]
    assert pictures.url("b") != found[2]


@given(st.integers(1_000_000_000, 4_000_000_000), st.integers(60, 86400), st.integers(0, 86400))
def test_a_url_is_good_for_its_ttl_at_least_and_a_window_more_at_most(
    now: int, ttl_s: int, window_s: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.time", partial(int, now))
        url = PictureUrls(SIGNER, ttl_s=ttl_s, window_s=window_s).url("a")
    told = {name: value for name, (value,) in parse_qs(urlsplit(url).query).items()}
    signed_at = datetime.strptime(told["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    left = signed_at.timestamp() + int(told["X-Amz-Expires"]) - now
    assert signed_at.timestamp() <= now
    assert ttl_s <= left <= ttl_s + window_s


def test_what_is_kept_of_urls_is_bounded() -> None:
    pictures = PictureUrls(SIGNER, ttl_s=900, window_s=86400)
    for number in range(KEPT_URLS + 10):
        pictures.url(f"a/{number}")
    assert len(pictures._kept) <= KEPT_URLS


def test_urls_that_would_outlive_signatures_are_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S3_ENDPOINT_URL", "http://127.0.0.1:3900")
    monkeypatch.setenv("DOWNLOAD_URL_TTL_S", str(7 * 86400))
    with pytest.raises(ValueError, match="7 days"):
        StorageSettings()
