"""What the backoffice app shows of projects, sales and the review queue, without asking more than once."""

import httpx

from tests.services.harness import Api, Event, Platform, picture
from tests.services.main.test_purchases import checkout, pay, stand_in

__all__ = ["stand_in"]


async def found(operator: Api, wish: str = "") -> list[str]:
    return [project["name"] for project in (await operator.get(f"/projects{wish}"))["items"]]


async def test_projects_are_found_by_name_or_place_deleted_ones_too(platform: Platform) -> None:
    operator = await platform.new_operator()
    for name, place in (("Summer gala", "Hall 1"), ("Marathon", "Galatz"), ("100% run", None)):
        await operator.post("/projects", {"name": name, "location_name": place})
    gone = await operator.post("/projects", {"name": "Old gala"})
    await operator.delete(f"/projects/{gone['id']}")
    assert await found(operator, "?q=GALA") == ["Marathon", "Summer gala"]
    assert await found(operator, "?q=100%25") == ["100% run"]
    assert await found(operator, "?q=gala&deleted=true") == ["Old gala"]
    (deleted,) = (await operator.get("/projects?deleted=true"))["items"]
    assert deleted["deleted_at"] is not None
    assert await found(await platform.new_operator(), "?q=gala") == []


async def test_listed_projects_are_counted(platform: Platform) -> None:
    event = await platform.new_event()
    guest, left = await event.new_member(), await event.new_member()
    await left.delete("/me")
    photos = [await event.ready_photo(seed) for seed in range(460, 462)]
    await event.upload(b"no picture")
    await platform.jobs.run()
    for photo in photos:
        await event.tag(photo, guest)
    await platform.sql("UPDATE photo_tags SET review_status = 'pending' WHERE photo_id = :id", id=photos[0])
    (listed,) = (await event.operator.get("/projects"))["items"]
    counts = ("member_count", "photo_count", "pending_tag_count")
    assert [listed[name] for name in counts] == [1, 2, 1]


async def test_a_photographer_sees_how_far_their_own_photos_are(platform: Platform) -> None:
    event = await platform.new_event()
    await event.ready_photo(463)
    await event.upload(b"no picture")
    await platform.jobs.run()
    await event.upload(picture(464))
    media = platform.media.as_({"access_token": event.photographer.token})
    await media.post("/photographers/me/photos/upload-url", event.announced(picture(465)))
    other = await platform.new_photographer(event.operator)
    await event.operator.put(f"/projects/{event.project_id}/photographers/{other.account['id']}")
    (own,) = (await event.photographer.get("/photographers/me/projects"))["items"]
    assert own["own_photos"] == {"awaited": 1, "processing": 1, "ready": 1, "failed": 1}
    (theirs,) = (await other.get("/photographers/me/projects"))["items"]
    assert set(theirs["own_photos"].values()) == {0}
    await platform.jobs.run()


async def test_one_sale_is_told_with_what_was_chosen(platform: Platform, stand_in: httpx.Client) -> None:
    event = await platform.new_event(name="Gala")
    guest = await event.new_member("Robin")
    photos = [await event.ready_photo(seed) for seed in range(470, 473)]
    for photo in photos[:2]:
        await event.tag(photo, guest)
    few = (await checkout(event, guest, await event.new_package(photo_count=2))).json()
    path = f"/purchases/{few['id']}"
    assert (await event.operator.get(path))["photos"] == []
    await pay(platform, stand_in, few)
    await guest.post(f"{path}/photos", {"photo_ids": photos[:1]})
    sale = await event.operator.get(path)
    assert (sale["project_id"], sale["project_name"]) == (event.project_id, "Gala")
    assert (sale["user_name"], sale["user_email"]) == ("Robin", guest.account["email"])
    assert (sale["status"], sale["unlocked_count"]) == ("paid", 1)
    (chosen,) = sale["photos"]
    assert (chosen["id"], chosen["filename"]) == (photos[0], "DSC_1.jpg")
    assert chosen["unlocked_at"] is not None
    every = (await checkout(event, guest, await event.new_package(photo_count=0, price=0))).json()
    whole = await event.operator.get(f"/purchases/{every['id']}")
    assert [photo["id"] for photo in whole["photos"]] == [photos[1], photos[0]]
    assert {photo["unlocked_at"] for photo in whole["photos"]} == {None}
    stranger = await platform.new_operator()
    refused = await stranger.call("GET", path)
    assert (refused.status_code, refused.json()["code"]) == (404, "purchase_not_found")


async def test_a_package_of_all_photos_unlocks_none_before_it_is_paid(platform: Platform) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    await event.tag(await event.ready_photo(474), guest)
    pending = (await checkout(event, guest, await event.new_package(photo_count=0))).json()
    sale = await event.operator.get(f"/purchases/{pending['id']}")
    assert (sale["unlocked_count"], sale["photos"]) == (0, [])


async def test_sales_are_narrowed_by_status(platform: Platform) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    free, dear = [await event.new_package(price=price) for price in (0, 900)]
    paid, pending = [(await checkout(event, guest, package)).json()["id"] for package in (free, dear)]
    for status, expected in (("paid", [paid]), ("pending", [pending]), ("failed", [])):
        page = await event.operator.get(f"/projects/{event.project_id}/purchases?status={status}")
        assert [sale["id"] for sale in page["items"]] == expected


async def queue(event: Event, wish: str) -> list[float]:
    page = await event.operator.get(f"/projects/{event.project_id}/photo-tags?{wish}")
    return sorted(tag["confidence"] for tag in page["items"])


async def test_the_queue_is_narrowed_by_confidence_and_photo(platform: Platform) -> None:
    event = await platform.new_event()
    guest, photos = await event.new_member(), [await event.ready_photo(seed) for seed in range(480, 483)]
    for photo, confidence in zip(photos, (58, 66, 74), strict=True):
        await event.tag(photo, guest)
        await platform.sql(
            "UPDATE photo_tags SET confidence = :c, review_status = 'pending' WHERE photo_id = :id",
            c=confidence,
            id=photo,
        )
    assert await queue(event, "review_status=pending") == [58, 66, 74]
    assert await queue(event, "min_confidence=66") == [66, 74]
    assert await queue(event, "max_confidence=66&review_status=pending") == [58, 66]
    assert await queue(event, "min_confidence=59&max_confidence=65") == []
    assert await queue(event, f"photo_id={photos[2]}") == [74]
    wrong = await event.operator.call("GET", f"/projects/{event.project_id}/photo-tags?min_confidence=101")
    assert wrong.status_code == 422
