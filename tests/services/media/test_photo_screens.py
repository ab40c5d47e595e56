"""What is kept of a photo, who is shown what of it, and that nothing of it stays when it goes."""

import io

import httpx
import pytest
from PIL import ExifTags, Image

from acme_media.jobs import derivatives
from tests.services.harness import Event, Json, Platform, picture, sha256
from tests.services.media.images import raw_files

UPLOADS = "/photographers/me/photos"


async def fetched(url: str) -> bytes:
    async with httpx.AsyncClient() as http:
        answer = await http.get(url)
    return answer.raise_for_status().content


def told() -> bytes:
    """A picture that tells all that a camera can tell."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Acme", "Acme One"
    fields = exif.get_ifd(ExifTags.IFD.Exif)
    fields[ExifTags.Base.DateTimeOriginal] = "2026:06:20 19:30:00"
    fields[ExifTags.Base.SubsecTimeOriginal] = "5"
    fields[ExifTags.Base.LensModel], fields[ExifTags.Base.BodySerialNumber] = "50mm\0", "0042"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (48.0, 12.0, 30.0)
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>GPSLatitude 48,12.5N</x:xmpmeta>"
    return picture(21, (2400, 1600), exif=exif.tobytes(), xmp=xmp, comment=b"at 48,12.5N")


async def objects_of(platform: Platform, event: Event, photo_id: str) -> dict[str, bytes]:
    """All that lies in the store for a photo, by the ends of the keys."""
    prefix = f"projects/{event.project_id}/photos/{photo_id}/"
    client, bucket = platform.storage._client, platform.storage._bucket
    found = client.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    return {item["Key"].removeprefix(prefix): await platform.storage.read(item["Key"]) for item in found}


async def test_a_photo_tells_its_operator_how_it_was_taken(platform: Platform) -> None:
    event = await platform.new_event(timezone="Europe/Vienna")
    body = told()
    await event.upload(body)
    await platform.jobs.run()
    (shown,) = (await event.operator.get(f"/projects/{event.project_id}/photos"))["items"]
    expected = {
        "taken_at": "2026-06-20T17:30:00.500000Z",
        "camera": "Acme One",
        "lens": "50mm",
        "serial_number": "0042",
        "sha256": sha256(body),
    }
    assert {name: shown[name] for name in expected} == expected


async def test_no_object_that_is_made_tells_a_place(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.upload(told())
    await platform.jobs.run()
    kept = await objects_of(platform, event, photo_id)
    made = {name: body for name, body in kept.items() if name != "original"}
    assert len(made) == 8
    for name, body in made.items():
        assert b"48,12.5N" not in body, name
        with Image.open(io.BytesIO(body)) as image:
            exif = image.getexif()
            assert not exif.get_ifd(ExifTags.IFD.GPSInfo), name
            assert set(exif) <= {ExifTags.Base.Copyright, ExifTags.IFD.Exif}, name
            assert not {"xmp", "comment", "icc_profile"} & image.info.keys(), name


async def screens_of(guest_photo: Json) -> dict[tuple[str, int], bytes]:
    found = {}
    for screen in guest_photo["screens"]:
        body = await fetched(screen["url"])
        with Image.open(io.BytesIO(body)) as image:
            assert f"image/{(image.format or '').lower()}" == screen["content_type"]
            assert image.size == (screen["width"], screen["height"])
        found[screen["content_type"], screen["width"]] = body
    return found


async def test_a_guest_is_shown_protected_screens_until_the_photo_is_theirs(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.upload(picture(22, (2400, 1600)))
    await platform.jobs.run()
    guest = await event.new_member()
    await event.tag(photo_id, guest)
    locked = await screens_of(await guest.get(f"/photos/{photo_id}"))
    assert set(locked) == {(f"image/{form}", width) for form in ("jpeg", "webp") for width in (800, 1600)}
    package = await event.new_package(photo_count=0)
    bought = await guest.post("/purchases", {"project_id": event.project_id, "package_id": package})
    await platform.sql(
        "UPDATE purchases SET status = 'paid', paid_at = now() WHERE id = :id", id=bought["id"]
    )
    mine = await guest.get(f"/photos/{photo_id}")
    assert mine["unlocked"]
    open_ones = await screens_of(mine)
    assert set(open_ones) == {("image/jpeg", 1600)}
    assert open_ones["image/jpeg", 1600] != locked["image/jpeg", 1600]


async def test_a_photo_from_before_there_were_screens_has_none(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.ready_photo(23)
    guest = await event.new_member()
    await event.tag(photo_id, guest)
    await platform.sql("UPDATE photos SET watermark_version = NULL WHERE id = :id", id=photo_id)
    assert (await guest.get(f"/photos/{photo_id}"))["screens"] == []


async def test_a_photo_that_is_deleted_while_it_is_drawn_leaves_no_object_behind(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = await platform.new_event()
    photo_id = await event.upload(picture(24))
    original = derivatives.write_watermarked  # type: ignore[attr-defined] # where the fault is injected

    async def deleting(*args: object) -> Json:
        await event.operator.call("DELETE", f"/photos/{photo_id}")
        await platform.storage.delete_prefix(f"projects/{event.project_id}/photos/{photo_id}/")
        values: Json = await original(*args)  # type: ignore[arg-type] # passed on
        return values

    monkeypatch.setattr(derivatives, "write_watermarked", deleting)
    await platform.jobs.run_once()
    await platform.jobs.run()
    assert await objects_of(platform, event, photo_id) == {}


async def test_a_second_run_of_each_job_writes_the_same_objects(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.ready_photo(25)
    before = await objects_of(platform, event, photo_id)
    for column in ("thumbnail_key", "watermarked_key"):
        await platform.sql(f"UPDATE photos SET {column} = NULL WHERE id = :id", id=photo_id)
    await platform.sql(
        "UPDATE outbox_jobs SET state = 'queued', attempts = 0 "
        "WHERE payload->>'photo_id' = :id AND name LIKE 'generate_%'",
        id=photo_id,
    )
    assert await platform.jobs.run() == 2
    assert await objects_of(platform, event, photo_id) == before


JPEG = picture(26, (600, 400))
RAW = {"content_type": "image/x-sony-arw"}


@pytest.mark.parametrize("is_raw_first", [True, False])
async def test_a_raw_file_and_its_jpeg_are_one_photo_to_guests(
    platform: Platform, *, is_raw_first: bool
) -> None:
    event = await platform.new_event()
    both = [
        (raw_files.arw(JPEG), {"filename": "DSC_7.ARW", **RAW}),
        (JPEG, {"filename": "dsc_7.jpg"}),
        (raw_files.arw(picture(27)), {"filename": "DSC_8.ARW", **RAW}),
    ]
    sent = both if is_raw_first else [both[1], both[0], both[2]]
    ids = {over["filename"]: await event.upload(body, **over) for body, over in sent}
    await platform.jobs.run()
    guest = await event.new_member()
    for photo_id in ids.values():
        await event.tag(photo_id, guest)
    listed = (await guest.get(f"/projects/{event.project_id}/photos"))["items"]
    assert {item["id"] for item in listed} == {ids["dsc_7.jpg"], ids["DSC_8.ARW"]}
    project = await guest.get(f"/projects/{event.project_id}")
    assert (project["photo_count"], project["my_photo_count"]) == (2, 2)
    hidden = await guest.call("GET", f"/photos/{ids['DSC_7.ARW']}")
    assert hidden.status_code == 404
    operators = (await event.operator.get(f"/projects/{event.project_id}/photos"))["items"]
    assert len(operators) == 3
    await event.operator.call("DELETE", f"/photos/{ids['dsc_7.jpg']}")
    listed = (await guest.get(f"/projects/{event.project_id}/photos"))["items"]
    assert {item["id"] for item in listed} == {ids["DSC_7.ARW"], ids["DSC_8.ARW"]}


async def test_photos_that_look_the_same_are_grouped(platform: Platform) -> None:
    event = await platform.new_event()
    alike = [
        await event.upload(picture(28, size, quality=quality))
        for size, quality in (((640, 480), 90), ((960, 720), 60))
    ]
    await event.upload(picture(29))
    await platform.jobs.run()
    found = await event.operator.get(f"/projects/{event.project_id}/photos/near-duplicates")
    assert [[photo["id"] for photo in group] for group in found["groups"]] == [alike]
