import io
import zipfile
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acme_jobs.catalogue import ArchiveJob
from acme_main.jobs.archives import ArchiveJobs, unique_names
from acme_storage.gateway import ObjectMissing, ObjectStorage
from tests.services.harness import Platform
from tests.services.main.test_purchases import checkout, deliver, events_of, pay, stand_in

__all__ = ["stand_in"]


@pytest.mark.parametrize("photo_count", [0, 2])
async def test_the_archive_holds_what_was_unlocked(
    platform: Platform, stand_in: httpx.Client, photo_count: int
) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package(photo_count=photo_count)
    photos = [await event.ready_photo(seed) for seed in range(300, 303)]
    for photo_id in photos:
        await event.tag(photo_id, guest)
    purchase = (await checkout(event, guest, package_id)).json()
    path = f"/purchases/{purchase['id']}"
    unpaid = await guest.call("POST", f"{path}/archive")
    assert (unpaid.status_code, unpaid.json()["code"]) == (409, "purchase_not_paid")
    intent_id = await pay(platform, stand_in, purchase)
    if photo_count:
        await guest.post(f"{path}/photos", {"photo_ids": photos[:2]})
    missing = await guest.call("GET", f"{path}/archive")
    assert (missing.status_code, missing.json()["code"]) == (404, "archive_not_found")
    asked = await guest.call("POST", f"{path}/archive")
    assert (asked.status_code, asked.json()["state"], asked.json()["url"]) == (202, "building", None)
    assert (asked.json()["done_count"], asked.json()["photo_count"]) == (0, 0)
    await platform.jobs.run()
    ready = await guest.get(f"{path}/archive")
    assert (ready["state"], ready["photo_count"]) == ("ready", photo_count or 3)
    assert ready["done_count"] == ready["photo_count"]
    async with httpx.AsyncClient() as http:
        body = (await http.get(ready["url"])).raise_for_status()
    assert len(body.content) == ready["size_bytes"]
    assert body.headers["content-disposition"].startswith('attachment; filename="photos.zip"')
    with zipfile.ZipFile(io.BytesIO(body.content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == ["DSC_1.jpg", "DSC_1-2.jpg", "DSC_1-3.jpg"][: photo_count or 3]
        assert all(archive.read(name).startswith(b"\xff\xd8\xff") for name in names)
    stand_in.post("/v1/refunds", data={"payment_intent": intent_id})
    await deliver(platform, events_of(stand_in, intent_id)[-1])
    await platform.jobs.run()
    assert (await guest.call("GET", f"{path}/archive")).status_code == 409


async def test_an_account_erased_while_its_archive_is_packed_leaves_none(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package(photo_count=0, price=0)
    await event.tag(await event.ready_photo(320), guest)
    purchase = (await checkout(event, guest, package_id)).json()
    await guest.post(f"/purchases/{purchase['id']}/archive")
    write = ObjectStorage.write_large

    async def write_late(storage: ObjectStorage, key: str, path: Path, content_type: str) -> None:
        await platform.sql("DELETE FROM purchase_archives WHERE purchase_id = :id", id=purchase["id"])
        await write(storage, key, path, content_type)

    with monkeypatch.context() as patch:
        patch.setattr(ObjectStorage, "write_large", write_late)
        await platform.jobs.run()
    assert await platform.storage.list_objects(f"purchases/{purchase['id']}/") == []


async def test_whoever_waits_sees_how_far_the_archive_is(platform: Platform) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package(photo_count=0, price=0)
    photos = [await event.ready_photo(seed) for seed in range(310, 313)]
    for photo_id in photos:
        await event.tag(photo_id, guest)
    purchase = (await checkout(event, guest, package_id)).json()
    path = f"/purchases/{purchase['id']}/archive"
    await guest.post(path)
    last = sorted(photos, key=UUID)[-1]
    (row,) = await platform.sql("SELECT watermarked_key FROM photos WHERE id = :id", id=last)
    body = await platform.storage.read(row.watermarked_key)
    await platform.storage.delete_prefix(row.watermarked_key)
    jobs = ArchiveJobs(platform.data.sessions, platform.storage, tell_every_s=0)
    with pytest.raises(ObjectMissing):
        await jobs.build_archive(ArchiveJob(purchase_id=UUID(purchase["id"])))
    stuck = await guest.get(path)
    assert (stuck["state"], stuck["done_count"], stuck["photo_count"]) == ("building", 2, 3)
    await platform.storage.write(row.watermarked_key, body, "image/jpeg")
    await platform.jobs.run()
    assert (await guest.get(path))["state"] == "ready"


async def test_the_archive_of_others_is_not_there(platform: Platform) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package(price=0)
    purchase = (await checkout(event, guest, package_id)).json()
    stranger = await event.new_member()
    for method in ("GET", "POST"):
        answer = await stranger.call(method, f"/purchases/{purchase['id']}/archive")
        assert (answer.status_code, answer.json()["code"]) == (404, "purchase_not_found")


@given(st.lists(st.text(min_size=1, max_size=12), max_size=8))
def test_names_are_unique_and_lead_nowhere(filenames: list[str]) -> None:
    names = unique_names(filenames)
    assert len({name.casefold() for name in names}) == len(filenames)
    assert all("/" not in name and "\\" not in name and name not in {"", ".", ".."} for name in names)


@pytest.mark.parametrize(
    ("filenames", "expected"),
    [
        (["a.jpg", "A.JPG"], ["a.jpg", "A-2.JPG"]),
        (["../../etc/passwd"], ["passwd"]),
        (["..\\x.jpg", ".hidden"], ["x.jpg", "hidden"]),
        (["a-2.jpg", "a.jpg", "a.jpg"], ["a-2.jpg", "a.jpg", "a-3.jpg"]),
        (["..", "/"], ["photo.jpg", "photo-2.jpg"]),
    ],
)
def test_doubles_are_numbered(filenames: list[str], expected: list[str]) -> None:
    assert unique_names(filenames) == expected
