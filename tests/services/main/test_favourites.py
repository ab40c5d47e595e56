import asyncio
from uuid import uuid4

from tests.services.harness import Api, Event, Platform
from tests.services.main.test_consents import consent


async def shown(guest: Api, event: Event, wish: str = "") -> list[str]:
    page = await guest.get(f"/projects/{event.project_id}/photos{wish}")
    return [photo["id"] for photo in page["items"]]


async def test_a_photo_is_marked_and_unmarked_as_often_as_one_likes(platform: Platform) -> None:
    event = await platform.new_event()
    guest, photo = await event.new_member(), await event.ready_photo(410)
    await event.tag(photo, guest)
    path = f"/photos/{photo}/favourite"
    assert (await guest.get(f"/photos/{photo}"))["is_favourite"] is False
    for method, is_marked in (("PUT", True), ("PUT", True), ("DELETE", False), ("DELETE", False)):
        answer = await guest.call(method, path)
        assert (answer.status_code, answer.content) == (204, b"")
        assert (await guest.get(f"/photos/{photo}"))["is_favourite"] is is_marked
        (item,) = (await guest.get(f"/projects/{event.project_id}/photos"))["items"]
        assert item["is_favourite"] is is_marked


async def test_marking_at_once_marks_once(platform: Platform) -> None:
    event = await platform.new_event()
    guest, photo = await event.new_member(), await event.ready_photo(411)
    await event.tag(photo, guest)
    answers = await asyncio.gather(*(guest.call("PUT", f"/photos/{photo}/favourite") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {204}
    marks = await platform.sql("SELECT photo_id FROM favourites WHERE user_id = :id", id=guest.account["id"])
    assert [str(mark.photo_id) for mark in marks] == [photo]


async def test_a_mark_is_of_one_guest(platform: Platform) -> None:
    event = await platform.new_event()
    guest, friend, photo = await event.new_member(), await event.new_member(), await event.ready_photo(412)
    await event.tag(photo, guest)
    await event.tag(photo, friend)
    await guest.put(f"/photos/{photo}/favourite")
    assert (await friend.get(f"/photos/{photo}"))["is_favourite"] is False
    assert await shown(friend, event, "?favourite=true") == []


async def test_only_what_one_sees_can_be_marked(platform: Platform) -> None:
    event = await platform.new_event()
    guest, stranger, photo = await event.new_member(), await event.new_member(), await event.ready_photo(413)
    await event.tag(photo, guest)
    for caller, photo_id in ((stranger, photo), (guest, str(uuid4()))):
        for method in ("PUT", "DELETE"):
            answer = await caller.call(method, f"/photos/{photo_id}/favourite")
            assert (answer.status_code, answer.json()["code"]) == (404, "photo_not_found")
    await guest.put(f"/photos/{photo}/favourite")
    await guest.delete(f"/photos/{photo}/tags/me")
    assert (await guest.call("PUT", f"/photos/{photo}/favourite")).status_code == 404
    assert await shown(guest, event, "?favourite=true") == []


async def test_the_gallery_is_narrowed_by_marks_and_by_what_is_unlocked(platform: Platform) -> None:
    event = await platform.new_event()
    guest, package = await event.new_member(), await event.new_package(photo_count=2, price=0)
    photos = [await event.ready_photo(seed) for seed in range(420, 424)]
    for photo in photos:
        await event.tag(photo, guest)
    marked, both, unlocked, neither = photos
    for photo in (marked, both):
        await guest.put(f"/photos/{photo}/favourite")
    bought = await guest.post("/purchases", {"project_id": event.project_id, "package_id": package})
    await guest.post(f"/purchases/{bought['id']}/photos", {"photo_ids": [both, unlocked]})
    assert await shown(guest, event) == [neither, unlocked, both, marked]
    assert await shown(guest, event, "?favourite=true") == [both, marked]
    assert await shown(guest, event, "?favourite=false") == [neither, unlocked]
    assert await shown(guest, event, "?unlocked=true") == [unlocked, both]
    assert await shown(guest, event, "?unlocked=false") == [neither, marked]
    assert await shown(guest, event, "?favourite=true&unlocked=true") == [both]
    first = await guest.get(f"/projects/{event.project_id}/photos?favourite=true&limit=1")
    assert [photo["id"] for photo in first["items"]] == [both]
    rest = await shown(guest, event, f"?favourite=true&limit=1&cursor={first['next_cursor']}")
    assert rest == [marked]


async def test_a_withdrawn_consent_takes_marks_on_what_the_face_has_found(platform: Platform) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    found, told = await event.ready_photo(430), await event.ready_photo(431)
    for photo in (found, told):
        await event.tag(photo, guest)
        await guest.put(f"/photos/{photo}/favourite")
    await platform.sql("UPDATE photo_tags SET source = 'auto' WHERE photo_id = :id", id=found)
    await consent(platform, guest)
    await guest.delete("/consents/biometric_processing")
    await platform.jobs.run()
    marks = await platform.sql("SELECT photo_id FROM favourites WHERE user_id = :id", id=guest.account["id"])
    assert [str(mark.photo_id) for mark in marks] == [told]
