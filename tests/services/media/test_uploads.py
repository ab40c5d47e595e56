import asyncio
import io
from collections.abc import Sequence
from uuid import UUID

import httpx
import pytest
from PIL import Image

from acme_core.photos import FailureCode, failure_reason
from acme_media.photos.schemas import BatchUploadOut, UploadIssued
from tests.architecture.test_statements import counted
from tests.services.harness import Api, Event, Json, Platform, picture, send, sha256

UPLOADS = "/photographers/me/photos"
MANY_PHOTOS = """
    INSERT INTO photos (
        id, project_id, photographer_id, storage_key, filename, content_type, size_bytes,
        sha256, upload_expires_at
    )
    SELECT gen_random_uuid(), project_id, photographer_id, storage_key, filename, content_type, size_bytes,
        lpad(n::text, 64, 'e'), now()
    FROM photos, generate_series(1, 3000) n WHERE id = '{photo_id}';
    ANALYZE photos
"""


def media_of(event: Event) -> Api:
    return event.platform.media.as_({"access_token": event.photographer.token})


async def status_of(event: Event, photo_id: str) -> Json:
    return await media_of(event).get(f"{UPLOADS}/{photo_id}")


async def test_a_photo_becomes_ready_with_its_derivatives(platform: Platform) -> None:
    event = await platform.new_event()
    body = picture(1, (1200, 800))
    photo_id = await event.upload(body, sha256=sha256(body))
    await platform.jobs.run()
    photo = await status_of(event, photo_id)
    assert (photo["status"], photo["recognition_state"]) == ("ready", "done")
    assert (photo["width"], photo["height"]) == (1200, 800)
    async with httpx.AsyncClient() as http:
        thumbnail = (await http.get(photo["thumbnail_url"])).content
    with Image.open(io.BytesIO(thumbnail)) as small:
        assert max(small.size) == 400
    again = await media_of(event).call("POST", f"{UPLOADS}/{photo_id}/complete")
    assert again.status_code == 202
    assert await platform.jobs.run() == 0


async def test_the_url_takes_the_announced_file_once(platform: Platform) -> None:
    event = await platform.new_event()
    body = picture(2)
    issued = await media_of(event).post(f"{UPLOADS}/upload-url", event.announced(body))
    upload = issued["upload"]
    assert upload["method"] == "PUT"
    wrong_type = await send(upload, body, **{"Content-Type": "text/html"})
    assert wrong_type.status_code == 403
    longer = {**upload, "headers": {**upload["headers"], "Content-Length": str(len(body) + 1)}}
    assert (await send(longer, body + b"x")).status_code == 403
    without = {name: value for name, value in upload["headers"].items() if name != "If-None-Match"}
    assert (await send({**upload, "headers": without}, body)).status_code == 403
    assert (await send(upload, body)).status_code == 200
    assert (await send(upload, body)).status_code == 412


async def test_completion_needs_the_file(platform: Platform) -> None:
    event = await platform.new_event()
    issued = await media_of(event).post(f"{UPLOADS}/upload-url", event.announced(b"x" * 10))
    answer = await media_of(event).call("POST", f"{UPLOADS}/{issued['photo_id']}/complete")
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_missing")


async def test_a_file_that_the_project_holds_is_a_duplicate(platform: Platform) -> None:
    event = await platform.new_event()
    body = picture(3)
    announced = event.announced(body, sha256=sha256(body))
    first = await media_of(event).post(f"{UPLOADS}/upload-url", announced)
    resumed = await media_of(event).call("POST", f"{UPLOADS}/upload-url", announced)
    assert resumed.status_code == 201
    assert (resumed.json()["photo_id"], resumed.json()["duplicate"]) == (first["photo_id"], False)
    await send(resumed.json()["upload"], body)
    await media_of(event).post(f"{UPLOADS}/{first['photo_id']}/complete")
    duplicate = await media_of(event).call("POST", f"{UPLOADS}/upload-url", announced)
    assert duplicate.status_code == 200
    assert duplicate.json() == {"photo_id": first["photo_id"], "duplicate": True, "upload": None}


async def test_each_byte_is_what_the_response_models_would_write(platform: Platform) -> None:
    event = await platform.new_event()
    body = picture(4)
    held = event.announced(body, sha256=sha256(body))
    await event.upload(body, sha256=sha256(body))
    bare = event.announced(b"x", filename='\u00dc"\\/\U0001f98a\u2028.HEIC', content_type="IMAGE/Heic")
    for announced in (held, bare):
        one = await media_of(event).call("POST", f"{UPLOADS}/upload-url", announced)
        issued = UploadIssued.model_validate_json(one.content)
        assert one.content.decode() == issued.model_dump_json()
        assert (issued.upload is None) == (announced is held)
    files = [{**bare, "content_type": "a/b"}, {**bare, "size_bytes": 10**9}, held, bare]
    listed = [{name: file[name] for name in file if name != "project_id"} for file in files]
    request = {"project_id": event.project_id, "files": listed}
    many = await media_of(event).call("POST", f"{UPLOADS}/upload-urls", request)
    batch = BatchUploadOut.model_validate_json(many.content)
    assert many.content.decode() == batch.model_dump_json()
    assert [item.problem.code if item.problem else None for item in batch.items] == [
        "unsupported_media_type",
        "file_too_large",
        None,
        None,
    ]


def batch_of(event: Event, digests: Sequence[str]) -> Json:
    files = [{**event.announced(b"x" * 10, sha256=digest), "filename": f"{digest}.jpg"} for digest in digests]
    listed = [{name: file[name] for name in file if name != "project_id"} for file in files]
    return {"project_id": event.project_id, "files": listed}


async def test_what_is_announced_again_in_a_batch_is_the_same_photos(platform: Platform) -> None:
    event = await platform.new_event()
    digests = [f"{number:064x}" for number in range(98)]
    arrived = await event.upload(body := picture(5), sha256=sha256(body))
    request = batch_of(event, [*digests, sha256(body), digests[0]])
    first = (await media_of(event).post(f"{UPLOADS}/upload-urls", request))["items"]
    again = (await media_of(event).post(f"{UPLOADS}/upload-urls", request))["items"]
    ids = [item["issued"]["photo_id"] for item in first]
    assert [item["issued"]["photo_id"] for item in again] == ids
    assert (ids[98], ids[99]) == (arrived, ids[0])
    assert [item["filename"] for item in again] == [file["filename"] for file in request["files"]]
    duplicates = [item["issued"]["duplicate"] for item in again]
    assert duplicates == [item["issued"]["upload"] is None for item in again]
    assert duplicates == [number == 98 for number in range(100)]
    assert (await send(again[0]["issued"]["upload"], b"x" * 10)).status_code == 200


async def test_a_batch_is_announced_again_in_as_many_statements_as_two_files(platform: Platform) -> None:
    event = await platform.new_event()
    asked = []
    for count in (2, 100):
        request = batch_of(event, [f"{count:032x}{number:032x}" for number in range(count)])
        await media_of(event).post(f"{UPLOADS}/upload-urls", request)
        with counted(platform) as statements:
            await media_of(event).post(f"{UPLOADS}/upload-urls", request)
            await asyncio.sleep(0.01)  # asyncpg tells of its queries a moment later
        asked.append(len(statements))
    assert asked[0] == asked[1]


async def test_files_are_found_by_their_digests_however_many_photos_there_are(platform: Platform) -> None:
    """Planned for all values, as the driver's statements are after a while."""
    event = await platform.new_event()
    request = batch_of(event, ["ab" * 32, "cd" * 32])
    first = await media_of(event).post(f"{UPLOADS}/upload-urls", request)
    with counted(platform) as statements:
        await media_of(event).post(f"{UPLOADS}/upload-urls", request)
    (statement,) = {each for each in statements if each.startswith("SELECT") and "FOR UPDATE" in each}
    async with platform.data.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        many = driver.transaction()
        await many.start()
        await driver.execute(MANY_PHOTOS.format(photo_id=first["items"][0]["issued"]["photo_id"]))
        await driver.execute(f"SET LOCAL plan_cache_mode = force_generic_plan; PREPARE again AS {statement}")
        plan = await driver.fetch("EXPLAIN EXECUTE again(NULL, NULL)")
        await driver.execute("DEALLOCATE again")
        await many.rollback()
    assert "uq_photos_project_id_sha256" in str(plan)


async def test_batches_of_the_same_files_in_two_orders_do_not_wait_for_each_other(platform: Platform) -> None:
    event = await platform.new_event()
    for round_ in range(5):
        digests = [f"{round_:032x}{number:032x}" for number in range(100)]
        answers = await asyncio.gather(
            *(
                media_of(event).call("POST", f"{UPLOADS}/upload-urls", batch_of(event, order))
                for order in (digests, digests[::-1], digests, digests[::-1])
            )
        )
        assert {answer.status_code for answer in answers} == {200}
        found = {item["issued"]["photo_id"] for answer in answers for item in answer.json()["items"]}
        assert len(found) == 100


async def test_parallel_announcements_of_one_file_are_one_photo(platform: Platform) -> None:
    event = await platform.new_event()
    announced = event.announced(b"x" * 10, sha256="ab" * 32)
    answers = await asyncio.gather(
        *(media_of(event).call("POST", f"{UPLOADS}/upload-url", announced) for _ in range(10))
    )
    assert len({answer.json()["photo_id"] for answer in answers}) == 1


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"content_type": "application/pdf"}, 415, "unsupported_media_type"),
        ({"size_bytes": 100_000_001}, 413, "file_too_large"),
        ({"size_bytes": 0}, 422, "validation_failed"),
        ({"sha256": "xyz"}, 422, "validation_failed"),
        ({"filename": "a\nb.jpg"}, 422, "validation_failed"),
    ],
)
async def test_bad_announcements_are_refused(
    platform: Platform, change: Json, status: int, code: str
) -> None:
    event = await platform.new_event()
    announced = event.announced(b"x" * 10, **change)
    answer = await media_of(event).call("POST", f"{UPLOADS}/upload-url", announced)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_batch_tells_each_files_result(platform: Platform) -> None:
    event = await platform.new_event()
    good = {"filename": "a.jpg", "content_type": "image/jpeg", "size_bytes": 10}
    files = [good, {**good, "content_type": "text/plain"}, {**good, "size_bytes": 10**9}]
    body = {"project_id": event.project_id, "files": files}
    items = (await media_of(event).post(f"{UPLOADS}/upload-urls", body))["items"]
    assert items[0]["issued"]["upload"]["url"]
    assert [item["problem"] and item["problem"]["code"] for item in items] == [
        None,
        "unsupported_media_type",
        "file_too_large",
    ]


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"this is no picture at all", "image/jpeg", "not_an_image"),
        (picture(4)[:-2000], "image/jpeg", "truncated"),
        (picture(5, form="PNG"), "image/jpeg", "type_mismatch"),
    ],
)
async def test_a_bad_file_ends_as_failed_with_its_reason(
    platform: Platform, body: bytes, content_type: str, code: str
) -> None:
    event = await platform.new_event()
    photo_id = await event.upload(body, content_type=content_type)
    await platform.jobs.run()
    photo = await status_of(event, photo_id)
    assert (photo["status"], photo["failure_code"]) == ("failed", code)
    assert (photo["failure_reason"], photo["is_retryable"]) == (failure_reason(FailureCode(code)), True)
    (listed,) = (await event.operator.get(f"/projects/{event.project_id}/photos?status=failed"))["items"]
    assert (listed["failure_reason"], listed["is_retryable"]) == (photo["failure_reason"], True)
    assert photo["recognition_state"] == "failed"
    retried = await media_of(event).call("POST", f"{UPLOADS}/{photo_id}/retry")
    assert (retried.status_code, retried.json()["status"]) == (202, "processing")
    await platform.jobs.run()
    assert (await status_of(event, photo_id))["failure_code"] == code


async def test_a_file_that_is_not_the_announced_one_fails(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.upload(picture(6), sha256="cd" * 32)
    await platform.jobs.run()
    assert (await status_of(event, photo_id))["failure_code"] == "digest_mismatch"


async def test_a_ready_photo_is_not_tried_again(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.ready_photo(7)
    answer = await media_of(event).call("POST", f"{UPLOADS}/{photo_id}/retry")
    assert (answer.status_code, answer.json()["code"]) == (409, "photo_not_failed")


async def test_the_sweep_completes_what_was_forgotten_and_expires_what_never_came(
    platform: Platform,
) -> None:
    from acme_media.jobs.context import JobContext
    from acme_media.jobs.sweep import SweepJobs
    from acme_media.settings import MediaSettings

    event = await platform.new_event()
    body = picture(8)
    forgotten = await media_of(event).post(f"{UPLOADS}/upload-url", event.announced(body))
    await send(forgotten["upload"], body)
    missing = await media_of(event).post(f"{UPLOADS}/upload-url", event.announced(body))
    fresh = await media_of(event).post(f"{UPLOADS}/upload-url", event.announced(body))
    for photo_id, age in ((forgotten["photo_id"], "2 minutes"), (missing["photo_id"], "1 day")):
        await platform.sql(
            f"UPDATE photos SET created_at = now() - interval '{age}', "
            f"upload_expires_at = now() + interval '20 minutes' - interval '{age}' WHERE id = :id",
            id=photo_id,
        )
    sweep = SweepJobs(JobContext(platform.data.sessions, platform.storage, MediaSettings().uploads))
    await sweep.sweep_uploads()
    await platform.jobs.run()
    assert (await status_of(event, forgotten["photo_id"]))["status"] == "ready"
    expired = await status_of(event, missing["photo_id"])
    assert (expired["status"], expired["failure_code"]) == ("failed", "upload_expired")
    assert (expired["failure_reason"], expired["is_retryable"]) == (
        "The file never arrived. Upload it again.",
        False,
    )
    assert (await status_of(event, fresh["photo_id"]))["upload_state"] == "issued"
    answer = await media_of(event).call("POST", f"{UPLOADS}/{missing['photo_id']}/retry")
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_missing")


async def test_only_assigned_photographers_and_the_projects_operator_upload(platform: Platform) -> None:
    event, other = await platform.new_event(), await platform.new_event()
    announced = event.announced(b"x" * 10)
    stranger = await media_of(other).call("POST", f"{UPLOADS}/upload-url", announced)
    assert (stranger.status_code, stranger.json()["code"]) == (404, "project_not_found")
    operator = platform.media.as_({"access_token": event.operator.token})
    unnamed = await operator.call("POST", f"{UPLOADS}/upload-url", announced)
    assert (unnamed.status_code, unnamed.json()["code"]) == (422, "photographer_required")
    named = {**announced, "photographer_id": event.photographer.account["id"]}
    assert (await operator.call("POST", f"{UPLOADS}/upload-url", named)).status_code == 201
    foreign = {**announced, "photographer_id": other.photographer.account["id"]}
    assert (await operator.call("POST", f"{UPLOADS}/upload-url", foreign)).status_code == 404


async def test_a_deleted_photo_leaves_no_object_behind(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.ready_photo(9)
    assert (await event.operator.call("DELETE", f"/photos/{photo_id}")).status_code == 204
    answer = await media_of(event).call("GET", f"{UPLOADS}/{photo_id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "photo_not_found")
    await platform.jobs.run()
    prefix = f"projects/{event.project_id}/photos/{photo_id}/"
    assert await platform.storage.delete_prefix(prefix) == 0


async def test_a_photographer_sees_and_deletes_their_own_only(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.ready_photo(10)
    colleague = await platform.new_photographer(event.operator)
    await event.operator.put(f"/projects/{event.project_id}/photographers/{colleague.account['id']}")
    answer = await colleague.call("DELETE", f"/photos/{photo_id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "photo_not_found")
    listed = await colleague.get(f"/projects/{event.project_id}/photos")
    assert [UUID(item["id"]) for item in listed["items"]] == [UUID(photo_id)]
    assert (await event.photographer.call("DELETE", f"/photos/{photo_id}")).status_code == 204
