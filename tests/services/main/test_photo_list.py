"""The guest's photo list goes a way of its own; what it answers is what the schemas say."""

import asyncio
from typing import Any

import pytest

from acme_core.pages import Page
from acme_main.gallery.schemas import PhotoOut
from tests.services.harness import Api, Event, Platform


async def event_with_photos(platform: Platform, seeds: range) -> tuple[Event, Api, list[str]]:
    """Of several photos the guest is in all."""
    event = await platform.new_event()
    guest = await event.new_member()
    photos = [await event.ready_photo(seed) for seed in seeds]
    for photo in photos:
        await event.tag(photo, guest)
    return event, guest, photos


async def test_each_byte_is_what_the_response_model_would_write(platform: Platform) -> None:
    event, guest, (bare, precise, whole) = await event_with_photos(platform, range(510, 513))
    await platform.sql("UPDATE photos SET thumbhash = NULL, taken_at = NULL WHERE id = :id", id=bare)
    moments = {precise: "2026-05-01 23:59:59.000001+05:30", whole: "1999-12-31 23:00:00+00"}
    for photo, moment in moments.items():
        statement = "UPDATE photos SET taken_at = CAST(CAST(:at AS text) AS timestamptz) WHERE id = :id"
        await platform.sql(statement, at=moment, id=photo)
    await guest.put(f"/photos/{whole}/favourite")
    for wish in ("", "?limit=2", "?limit=3", "?favourite=true", "?unlocked=true"):
        answer = await guest.call("GET", f"/projects/{event.project_id}/photos{wish}")
        page = Page[PhotoOut].model_validate_json(answer.content)
        assert answer.content.decode() == page.model_dump_json()
        assert answer.headers["content-type"] == "application/json"


async def test_a_list_item_is_what_the_photo_itself_tells(platform: Platform) -> None:
    event, guest, (photo,) = await event_with_photos(platform, range(520, 521))
    (item,) = (await guest.get(f"/projects/{event.project_id}/photos"))["items"]
    alone = await guest.get(f"/photos/{photo}")
    assert item == {name: alone[name] for name in item}


async def test_pages_follow_each_other_without_gap_or_repetition(platform: Platform) -> None:
    event, guest, photos = await event_with_photos(platform, range(530, 535))
    await platform.sql("UPDATE photos SET uploaded_at = now() WHERE project_id = :id", id=event.project_id)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await guest.get(f"/projects/{event.project_id}/photos?limit=2{cursor}")
        seen += [item["id"] for item in page["items"]]
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
    assert seen == sorted(photos, reverse=True)


async def test_a_list_that_has_not_changed_is_not_sent_again(platform: Platform) -> None:
    event, guest, (photo,) = await event_with_photos(platform, range(540, 541))
    path = f"/projects/{event.project_id}/photos"
    first = await guest.call("GET", path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    etag = first.headers["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        again = await guest.call("GET", path, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    await guest.put(f"/photos/{photo}/favourite")
    changed = await guest.call("GET", path, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.json()["items"][0]["is_favourite"] is True


async def test_a_client_that_knows_the_list_is_still_asked_who_it_is(platform: Platform) -> None:
    event, guest, _ = await event_with_photos(platform, range(541, 542))
    path = f"/projects/{event.project_id}/photos"
    known = {"If-None-Match": (await guest.call("GET", path)).headers["ETag"]}
    stranger = await platform.new_guest()
    assert (await stranger.call("GET", path, headers=known)).status_code == 404
    (session,) = (await guest.get("/me/sessions"))["items"]
    await guest.delete(f"/me/sessions/{session['id']}")
    answer = await guest.call("GET", path, headers=known)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")


@pytest.mark.parametrize("ending", ["deleted_project", "left_out", "empty"])
async def test_who_may_see_the_list_is_asked_each_time(platform: Platform, ending: str) -> None:
    event, guest, (photo,) = await event_with_photos(platform, range(543, 544))
    path = f"/projects/{event.project_id}/photos"
    assert len((await guest.get(path))["items"]) == 1
    changes = {
        "deleted_project": ("UPDATE projects SET deleted_at = now() WHERE id = :id", event.project_id),
        "left_out": ("DELETE FROM project_members WHERE user_id = :id", guest.account["id"]),
        "empty": ("UPDATE photos SET deleted_at = now() WHERE id = :id", photo),
    }
    statement, row_id = changes[ending]
    await platform.sql(statement, id=row_id)
    answer = await guest.call("GET", path)
    expected: tuple[int, Any] = (404, "project_not_found") if ending != "empty" else (200, None)
    assert (answer.status_code, answer.json().get("code")) == expected
    if ending == "empty":
        assert answer.json() == {"items": [], "next_cursor": None}


async def test_connections_that_the_database_has_ended_are_replaced(platform: Platform) -> None:
    event, guest, _ = await event_with_photos(platform, range(545, 546))
    path = f"/projects/{event.project_id}/photos"
    await guest.get(path)
    others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    await platform.sql(f"{others} AND datname = current_database()")  # returns once they have ended
    await asyncio.sleep(0.1)  # until the sockets' ends are heard of
    for _ in range(5):
        assert len((await guest.get(path))["items"]) == 1
        assert (await guest.get("/projects"))["items"]
