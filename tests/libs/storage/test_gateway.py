from email.message import EmailMessage
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acme_config.settings import StorageSettings
from acme_storage.gateway import ObjectMissing, ObjectStorage, StorageUnavailable, attachment


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
