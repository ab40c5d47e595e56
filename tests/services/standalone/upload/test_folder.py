"""What is sent, what is not, and what is said about it."""

import os
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from acme_standalone.upload import run
from acme_standalone.upload.client import Destination
from acme_standalone.upload.session import Credentials
from tests.services.harness import PASSWORD, picture
from tests.services.standalone.upload.conftest import Desk, digests


async def test_a_folder_is_uploaded_and_a_second_run_sends_nothing(desk: Desk) -> None:
    bodies = [picture(seed) for seed in range(5)]
    for number, body in enumerate(bodies):
        desk.put(f"day {number % 2}/DSC_{number}.JPG", body)
    assert await desk.upload() == 0
    assert await desk.held() == digests(*bodies)
    assert {row.filename for row in await desk.photos()} == {f"DSC_{number}.JPG" for number in range(5)}
    assert await desk.upload() == 0
    assert set(desk.outcomes().values()) == {"already there"}
    assert desk.wires.objects.count("PUT") == desk.wires.media.count("POST", "/complete") == 5
    assert "5 already there" in desk.shown
    await desk.event.platform.jobs.run()
    photos = await desk.photos()
    assert {row.status for row in photos} == {"ready"}
    (row,) = await desk.event.platform.sql(
        "SELECT count(*) FROM outbox_jobs WHERE payload->>'photo_id' = ANY(:ids)",
        ids=[str(photo.id) for photo in photos],
    )
    assert row.count == 3 * len(bodies)


async def test_more_files_than_a_batch_takes_are_sent_in_several(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "BATCH_FILES", 3)
    bodies = [picture(seed, (64, 48)) for seed in range(7)]
    for number, body in enumerate(bodies):
        desk.put(f"{number}.jpg", body)
    assert await desk.upload() == 0
    assert await desk.held() == digests(*bodies)
    assert desk.wires.media.count("POST", "/upload-urls") == 3


async def test_the_same_file_twice_in_the_folder_is_sent_once(desk: Desk) -> None:
    body = picture(1)
    desk.put("a.jpg", body)
    desk.put("copies/a.jpg", body)
    assert await desk.upload() == 0
    assert desk.outcomes() == {"a.jpg": "sent", "copies/a.jpg": "same as another file"}
    assert desk.wires.objects.count("PUT") == len(await desk.photos()) == 1


async def test_other_files_are_skipped_and_listed(desk: Desk) -> None:
    desk.put("a.jpg", picture(1))
    desk.put("a.MOV", b"raw")
    desk.put("._a.jpg", b"a resource fork")
    os.mkfifo(desk.folder / "pipe.jpg")
    assert await desk.upload() == 0
    assert desk.report.skipped == ["._a.jpg", "a.MOV", "pipe.jpg"]
    assert "  a.MOV\n" in desk.shown


async def test_folders_within_the_folder_can_be_left_out(desk: Desk) -> None:
    desk.put("a.jpg", picture(1))
    desk.put("inner/b.jpg", picture(2))
    assert await desk.upload(is_recursive=False) == 0
    assert desk.outcomes() == {"a.jpg": "sent"}


async def test_an_empty_folder_is_no_failure(desk: Desk) -> None:
    assert await desk.upload() == 0
    assert "There is nothing to send" in desk.shown


async def test_a_misnamed_picture_is_announced_as_what_it_is(desk: Desk) -> None:
    for suffix, form in (
        ("png", "JPEG"),
        ("jpg", "PNG"),
        ("jpeg", "WEBP"),
        ("webp", "TIFF"),
        ("tif", "AVIF"),
    ):
        desk.put(f"{form}.{suffix}", picture(3, (64, 48), form))
    assert await desk.upload() == 0
    await desk.event.platform.jobs.run()
    assert {row.status for row in await desk.photos()} == {"ready"}


async def test_what_the_server_finds_to_be_no_picture_is_a_failure(desk: Desk) -> None:
    desk.put("good.jpg", picture(1))
    desk.put("text.jpg", b"this is no picture at all")
    desk.put("cut.jpg", picture(2)[:-2000])

    async def process_meanwhile(request: httpx.Request) -> None:
        if request.method == "GET":
            await desk.event.platform.jobs.run()

    desk.wires.media.hook = process_meanwhile
    assert await desk.upload(wait_s=30) == 1
    assert desk.outcomes() == {"good.jpg": "sent", "text.jpg": "failed", "cut.jpg": "failed"}
    assert "  text.jpg - not_an_image\n" in desk.shown
    assert "  cut.jpg - truncated\n" in desk.shown
    assert "1 sent, 2 failed" in desk.shown


async def test_a_verdict_that_takes_too_long_is_not_waited_for(desk: Desk) -> None:
    desk.put("text.jpg", b"this is no picture at all")
    assert await desk.upload(wait_s=0) == 0
    assert "still working on some of the photos" in desk.shown


async def test_what_the_api_refuses_is_listed_and_the_rest_is_sent(desk: Desk) -> None:
    desk.put("good.jpg", picture(1))
    desk.put("two\nlines.jpg", picture(2))
    desk.put("empty.jpg", b"")
    with desk.put("huge.jpg", b"").open("wb") as huge:
        huge.truncate(100_000_001)
    assert await desk.upload() == 1
    assert desk.outcomes().pop("good.jpg") == "sent"
    reasons = dict(desk.report.failures())
    assert reasons["two�lines.jpg"].startswith("validation_failed: ")
    assert "files.2.filename" in reasons["two�lines.jpg"]
    assert reasons["empty.jpg"].startswith("empty_file")
    assert reasons["huge.jpg"] == "file_too_large: At most 100000000 bytes are taken"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
async def test_what_cannot_be_read_is_a_failure(desk: Desk) -> None:
    desk.put("closed.jpg", picture(1)).chmod(0)
    assert await desk.upload() == 1
    assert dict(desk.report.failures()) == {"closed.jpg": "unreadable: Permission denied"}


async def test_a_link_into_nowhere_is_a_failure(desk: Desk) -> None:
    (desk.folder / "lost.jpg").symlink_to("nowhere.jpg")
    assert await desk.upload() == 1
    assert dict(desk.report.failures()) == {"lost.jpg": "No such file or directory"}


async def test_names_that_are_no_text_are_uploaded_all_the_same(desk: Desk) -> None:
    for number, name in enumerate((b"caf\xe8.jpg", b"caf\xe9.jpg")):
        Path(os.fsdecode(os.fsencode(desk.folder) + b"/" + name)).write_bytes(picture(number))
    assert await desk.upload() == 0
    assert [row.filename for row in await desk.photos()] == ["caf\ufffd.jpg"] * 2
    assert "2 sent" in desk.shown


async def test_a_terminal_shows_bars_and_failures_only(desk: Desk) -> None:
    desk.is_terminal = True
    desk.put("a.jpg", picture(1))
    desk.put("odd [/red] :smile:.jpg", picture(2))
    desk.put("empty.jpg", b"")
    assert await desk.upload() == 1
    assert "3 of 3 files" in desk.shown
    assert "failed: empty.jpg (empty_file" in desk.shown
    assert "odd [/red] :smile:.jpg" in desk.shown
    assert "sent: a.jpg" not in desk.shown


async def test_a_wrong_password_ends_with_status_2_and_nothing_sent(desk: Desk) -> None:
    desk.put("a.jpg", picture(1))
    wrong = replace(desk.order.credentials, password="not that one")
    assert await desk.upload(credentials=wrong) == 2
    assert "Sign-in failed: invalid_credentials" in desk.shown
    assert desk.wires.media.calls == []


async def test_an_unknown_project_ends_with_status_2_in_the_apis_words(desk: Desk) -> None:
    desk.put("a.jpg", picture(1))
    assert await desk.upload(destination=Destination(uuid4())) == 2
    assert "project_not_found: There is no such project to upload to" in desk.shown


async def test_an_operator_names_the_photographer(desk: Desk) -> None:
    desk.put("a.jpg", picture(1))
    operator = Credentials(desk.event.operator.account["email"], PASSWORD, "operator")
    assert await desk.upload(credentials=operator) == 2
    assert "photographer_required" in desk.shown
    named = Destination(UUID(desk.event.project_id), UUID(desk.event.photographer.account["id"]))
    assert await desk.upload(credentials=operator, destination=named) == 0
    assert len(await desk.held()) == 1


async def test_an_address_of_two_accounts_signs_in_as_the_right_one(desk: Desk) -> None:
    event = desk.event
    email = event.operator.account["email"]
    both = await event.operator.post(
        "/photographers", {"name": "Also a photographer", "email": email, "password": PASSWORD}
    )
    await event.operator.put(f"/projects/{event.project_id}/photographers/{both['id']}")
    desk.put("a.jpg", picture(1))
    assert await desk.upload(credentials=Credentials(email, PASSWORD, "photographer")) == 0
    owners = await event.platform.sql(
        "SELECT photographer_id FROM photos WHERE project_id = :id", id=event.project_id
    )
    assert [str(row.photographer_id) for row in owners] == [both["id"]]
