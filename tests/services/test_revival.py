"""Jobs that were given up are tried anew, by the command, and their subjects agree with them again."""

import json
import subprocess
import sys
from uuid import UUID

from acme_config.jobs import JobName
from acme_jobs.dead_letters import DeadLetters
from acme_standalone.jobs.run import retry
from acme_standalone.verify.database import check_rows
from tests.services.harness import Event, Platform, picture, sha256
from tests.services.main.test_consents import consent
from tests.services.main.test_purchases import checkout
from tests.services.media.test_selfies import send_selfie


async def _exhaust(platform: Platform, *names: JobName) -> list[UUID]:
    """What waits under these names has killed its worker as often as it may."""
    rows = await platform.sql(
        "UPDATE outbox_jobs SET attempts = 10000 "
        "WHERE name = ANY(:names) AND state = 'queued' AND created_at >= :since RETURNING id",
        names=list(names),
        since=platform.jobs.since,
    )
    await platform.jobs.run()
    return [row.id for row in rows]


async def _revive(platform: Platform, dead: list[UUID]) -> None:
    done = await retry(DeadLetters(ids=dead))
    assert sorted([*done.revived, *done.superseded]) == sorted(dead)
    await platform.jobs.run()
    (row,) = await platform.sql(
        "SELECT count(*) FROM outbox_jobs WHERE id = ANY(:ids) AND state <> 'done'", ids=dead
    )
    assert row.count == 0


async def _broken(platform: Platform) -> dict[str, int]:
    return {finding.promise: finding.broken for finding in await check_rows(platform.data.engine)}


async def _photo(event: Event, photo_id: str) -> tuple[str, str | None, str]:
    statement = "SELECT status, failure_code, recognition_state FROM photos WHERE id = CAST(:id AS uuid)"
    (row,) = await event.platform.sql(statement, id=photo_id)
    return tuple(row)


async def test_a_photo_that_was_given_up_becomes_ready(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.upload(picture(700))
    before = await _broken(platform)
    dead = await _exhaust(platform, JobName.GENERATE_THUMBNAIL)
    # Its faces may have been looked for before: the jobs of a photo have no order.
    assert (await _photo(event, photo_id))[:2] == ("failed", "processing_failed")
    await _revive(platform, dead)
    assert await _photo(event, photo_id) == ("ready", None, "done")
    assert await _broken(platform) == before


async def test_a_photo_all_of_whose_jobs_were_given_up_becomes_ready(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.upload(picture(701))
    names = (JobName.GENERATE_THUMBNAIL, JobName.GENERATE_WATERMARK, JobName.RECOGNIZE_FACES)
    await _revive(platform, await _exhaust(platform, *names))
    assert await _photo(event, photo_id) == ("ready", None, "done")


async def test_a_photo_that_was_sent_again_meanwhile_stays_failed(platform: Platform) -> None:
    event = await platform.new_event()
    body = picture(702)
    photo_id = await event.upload(body, sha256=sha256(body))
    dead = await _exhaust(platform, JobName.GENERATE_THUMBNAIL)
    again = await event.upload(body, sha256=sha256(body))
    await platform.jobs.run()
    await _revive(platform, dead)
    assert (await _photo(event, photo_id))[0] == "failed"
    assert (await _photo(event, again))[0] == "ready"


async def test_a_photo_whose_file_is_no_picture_is_not_tried_again(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.upload(b"\xff\xd8\xff no picture")
    dead = await _exhaust(platform, JobName.GENERATE_WATERMARK)
    told = await _photo(event, photo_id)
    assert told[0] == "failed"
    await _revive(platform, dead)
    assert (await _photo(event, photo_id))[0] == "failed"


async def test_faces_that_were_given_up_are_looked_for(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.upload(picture(703))
    dead = await _exhaust(platform, JobName.RECOGNIZE_FACES)
    assert await _photo(event, photo_id) == ("ready", None, "failed")
    await _revive(platform, dead)
    assert await _photo(event, photo_id) == ("ready", None, "done")


async def test_an_archive_that_was_given_up_is_built(platform: Platform) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package(photo_count=0, price=0)
    await event.tag(await event.ready_photo(704), guest)
    purchase = (await checkout(event, guest, package_id)).json()
    path = f"/purchases/{purchase['id']}/archive"
    await guest.post(path)
    dead = await _exhaust(platform, JobName.BUILD_ARCHIVE)
    assert (await guest.get(path))["state"] == "failed"
    await _revive(platform, dead)
    assert (await guest.get(path))["state"] == "ready"


async def test_a_selfie_that_was_given_up_is_gone_and_stays_rejected(platform: Platform) -> None:
    """Its file went with it, and its guest has been asked for another."""
    guest = await platform.new_guest()
    await consent(platform, guest)
    await send_selfie(platform, guest, picture(705))
    dead = await _exhaust(platform, JobName.PROCESS_SELFIE)
    statement = "SELECT status, rejection_reason FROM selfies WHERE user_id = CAST(:id AS uuid)"
    assert [tuple(row) for row in await platform.sql(statement, id=guest.account["id"])] == [
        ("rejected", "processing_failed")
    ]
    await _revive(platform, dead)
    assert [row.status for row in await platform.sql(statement, id=guest.account["id"])] == ["rejected"]


def acme(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "acme_standalone", "jobs", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


async def test_the_command_lists_shows_and_retries(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.upload(picture(706))
    (dead,) = await _exhaust(platform, JobName.RECOGNIZE_FACES)
    listed = json.loads(acme("list", "--name", "recognize_faces", "--json").stdout)
    (job,) = [item for item in listed if item["payload"] == {"photo_id": photo_id}]
    assert (job["id"], job["last_error"]) == (str(dead), "it kept killing its worker")
    assert "it kept killing its worker" in acme("list", "--queue", "acme:faces").stdout
    assert str(dead) not in acme("list", "--older-than-h", "1").stdout
    assert photo_id in acme("show", str(dead)).stdout
    retried = acme("retry", "--name", "recognize_faces")
    assert (retried.returncode, "tried anew" in retried.stdout) == (0, True), retried.stderr
    await platform.jobs.run()
    assert (await _photo(event, photo_id))[2] == "done"
    again = acme("retry", str(dead))
    assert (again.returncode, "had not been given up" in again.stderr) == (1, True)
    assert acme("retry").returncode == acme("show", str(UUID(int=0))).returncode == 1
