"""Faces through the whole of the services: the two portraits that ship in wheels, on the real engine."""

import io
from pathlib import Path

import httpx
import pytest
from PIL import Image

from acme_standalone.demo.scenes import Person, Scene, write_scenes, write_selfie
from tests.services.harness import Api, Event, Json, Platform, picture, send
from tests.services.main.test_consents import consent


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> list[Scene]:
    """One scene of each person, one of both, one of nobody."""
    made = write_scenes(tmp_path_factory.mktemp("scenes"))
    return [made[0], made[1], made[2], made[4]]


@pytest.fixture(scope="session")
def selfies(tmp_path_factory: pytest.TempPathFactory) -> dict[Person, Path]:
    folder = tmp_path_factory.mktemp("selfies")
    return {person: write_selfie(folder, person) for person in Person}


async def enrol(platform: Platform, guest: Api, body: bytes) -> Json:
    await consent(platform, guest)
    media = platform.media.as_(await guest.post("/auth/media-token"))
    wish = {"content_type": "image/jpeg", "size_bytes": len(body)}
    issued = await media.post("/selfie/upload-url", wish)
    await send(issued["upload"], body)
    await media.post(f"/selfie/{issued['selfie_id']}/complete")
    await platform.jobs.run()
    return await media.get("/selfie")


async def upload(event: Event, scenes: list[Scene]) -> dict[str, Scene]:
    made = {await event.upload(scene.path.read_bytes()): scene for scene in scenes}
    await event.platform.jobs.run()
    return made


async def photos_of(event: Event, guest: Api) -> set[str]:
    items = (await guest.get(f"/projects/{event.project_id}/photos"))["items"]
    return {item["id"] for item in items}


def showing(person: Person, uploaded: dict[str, Scene]) -> set[str]:
    return {photo_id for photo_id, scene in uploaded.items() if person in scene.people}


async def test_guests_find_exactly_their_photos_early_and_late(
    platform: Platform, scenes: list[Scene], selfies: dict[Person, Path]
) -> None:
    event = await platform.new_event()
    early, late = await event.new_member("Eileen"), await event.new_member("Grace")
    judged = await enrol(platform, early, selfies[Person.EILEEN].read_bytes())
    assert judged["status"] == "approved"
    uploaded = await upload(event, scenes)
    assert await photos_of(event, early) == showing(Person.EILEEN, uploaded)
    assert await photos_of(event, late) == set()
    await enrol(platform, late, selfies[Person.GRACE].read_bytes())
    assert await photos_of(event, late) == showing(Person.GRACE, uploaded)
    progress = (await late.get(f"/projects/{event.project_id}"))["matching"]
    assert progress["state"] == "done"
    assert progress["done"] == progress["total"] > 0


async def test_a_guest_who_joins_with_a_selfie_already_approved_is_found(
    platform: Platform, scenes: list[Scene], selfies: dict[Person, Path]
) -> None:
    event, guest = await platform.new_event(), await platform.new_guest()
    await enrol(platform, guest, selfies[Person.EILEEN].read_bytes())
    uploaded = await upload(event, scenes[:2])
    token = (await event.new_token())["token"]
    await guest.post("/projects/join", {"token": token, "accept_terms": True})
    await platform.jobs.run()
    assert await photos_of(event, guest) == showing(Person.EILEEN, uploaded)


async def test_decisions_of_people_survive_a_new_matching(
    platform: Platform, scenes: list[Scene], selfies: dict[Person, Path]
) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    await enrol(platform, guest, selfies[Person.EILEEN].read_bytes())
    uploaded = await upload(event, [scenes[0], scenes[2]])
    mine = sorted(showing(Person.EILEEN, uploaded))
    assert (await guest.call("DELETE", f"/photos/{mine[0]}/tags/me")).status_code == 204
    tags = (await event.operator.get(f"/projects/{event.project_id}/photo-tags"))["items"]
    (other,) = [tag for tag in tags if tag["photo_id"] == mine[1]]
    assert other["face_box"]["width"] > 0
    assert other["confidence"] > 75
    decided = await event.operator.call("PATCH", f"/photo-tags/{other['id']}", {"review_status": "rejected"})
    assert decided.json()["review_status"] == "rejected"
    await enrol(platform, guest, selfies[Person.EILEEN].read_bytes() + b"\0")
    assert await photos_of(event, guest) == set()


async def test_withdrawn_consent_erases_what_was_made_from_the_face(
    platform: Platform, scenes: list[Scene], selfies: dict[Person, Path]
) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    await enrol(platform, guest, selfies[Person.GRACE].read_bytes())
    await upload(event, [scenes[1]])
    assert len(await photos_of(event, guest)) == 1
    receipt = (await guest.call("DELETE", "/consents/biometric_processing")).json()
    await platform.jobs.run()
    proof = await guest.get(f"/consents/receipts/{receipt['receipt_id']}")
    assert proof["state"] == "completed"
    assert proof["erased"] == {
        "selfies": 1,
        "templates": 1,
        "provider_faces": 0,
        "face_vectors": 0,
        "objects": 2,
        "automatic_tags": 1,
    }
    user_id = guest.account["id"]
    assert await photos_of(event, guest) == set()
    assert await platform.sql("SELECT 1 FROM selfies WHERE user_id = :id", id=user_id) == []
    assert await platform.storage.delete_prefix(f"users/{user_id}/") == 0


@pytest.mark.parametrize("photo_count", [1, 0])
async def test_what_was_bought_outlives_its_match(
    platform: Platform, scenes: list[Scene], selfies: dict[Person, Path], photo_count: int
) -> None:
    """A withdrawn consent takes no photo from who has paid for it."""
    event = await platform.new_event()
    guest = await event.new_member()
    await enrol(platform, guest, selfies[Person.EILEEN].read_bytes())
    uploaded = await upload(event, [scenes[0], scenes[2]])
    mine = showing(Person.EILEEN, uploaded)
    package = await event.new_package(photo_count=photo_count, price=0)
    wish = {"project_id": event.project_id, "package_id": package}
    purchase = await guest.post("/purchases", wish)
    bought = mine if photo_count == 0 else {min(mine)}
    if photo_count:
        await guest.post(f"/purchases/{purchase['id']}/photos", {"photo_ids": list(bought)})
    await guest.call("DELETE", "/consents/biometric_processing")
    await platform.jobs.run()
    assert await photos_of(event, guest) == bought
    for photo_id in bought:
        assert (await guest.get(f"/photos/{photo_id}/download"))["url"]
    left = "SELECT source, engine, face_id FROM photo_tags WHERE user_id = CAST(:id AS uuid)"
    tags = await platform.sql(left, id=guest.account["id"])
    assert {tuple(tag) for tag in tags} == {("manual", None, None)}


@pytest.mark.parametrize("photo_count", [1, 0])
async def test_what_was_bought_outlives_raised_thresholds(
    platform: Platform, scenes: list[Scene], selfies: dict[Person, Path], photo_count: int
) -> None:
    event = await platform.new_event()
    guest, other = await event.new_member(), await event.new_member()
    await enrol(platform, guest, selfies[Person.EILEEN].read_bytes())
    await enrol(platform, other, selfies[Person.GRACE].read_bytes())
    uploaded = await upload(event, [scenes[0], scenes[2]])
    mine = showing(Person.EILEEN, uploaded)
    package = await event.new_package(photo_count=photo_count, price=0)
    wish = {"project_id": event.project_id, "package_id": package}
    purchase = await guest.post("/purchases", wish)
    bought = mine if photo_count == 0 else {min(mine)}
    if photo_count:
        await guest.post(f"/purchases/{purchase['id']}/photos", {"photo_ids": list(bought)})
    assert await photos_of(event, other) == showing(Person.GRACE, uploaded)
    highest = {"confirm_confidence": 100, "review_confidence": 100}
    await event.operator.patch(f"/projects/{event.project_id}", highest)
    await platform.jobs.run()
    assert await photos_of(event, guest) == bought
    assert await photos_of(event, other) == set()
    for photo_id in bought:
        assert (await guest.get(f"/photos/{photo_id}/download"))["url"]


async def test_a_deleted_selfie_is_forgotten(platform: Platform, selfies: dict[Person, Path]) -> None:
    """With the tries before it."""
    guest = await platform.new_guest()
    assert (await enrol(platform, guest, picture(11)))["status"] == "rejected"
    selfie = await enrol(platform, guest, selfies[Person.GRACE].read_bytes())
    media = platform.media.as_(await guest.post("/auth/media-token"))
    assert (await media.call("DELETE", f"/selfie/{selfie['id']}")).status_code == 204
    assert (await media.call("GET", "/selfie")).status_code == 404
    await platform.jobs.run()
    assert await platform.sql("SELECT FROM selfies WHERE user_id = :id", id=guest.account["id"]) == []
    assert await platform.storage.delete_prefix(f"users/{guest.account['id']}/") == 0


@pytest.mark.parametrize(
    ("body", "reason"),
    [(picture(11), "no_face"), (b"no picture", "not_an_image")],
)
async def test_a_selfie_that_cannot_serve_is_refused_with_advice(
    platform: Platform, body: bytes, reason: str
) -> None:
    guest = await platform.new_guest()
    judged = await enrol(platform, guest, body)
    assert (judged["status"], judged["rejection_reason"]) == ("rejected", reason)
    assert judged["rejection_advice"]


async def test_the_queue_shows_the_face_the_whole_photo_and_the_face_of_the_selfie(
    platform: Platform, scenes: list[Scene], selfies: dict[Person, Path]
) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    body = selfies[Person.EILEEN].read_bytes()
    await enrol(platform, guest, body)
    (photo,) = await upload(event, scenes[:1])
    await platform.sql("UPDATE photo_tags SET review_status = 'pending' WHERE photo_id = :id", id=photo)
    path = f"/projects/{event.project_id}/photo-tags?review_status=pending"
    (tag,) = (await event.operator.get(path))["items"]
    whole = await shown(tag["photo_url"])
    face, selfie = await shown(tag["face_url"]), await shown(tag["candidate"]["selfie_url"])
    box = tag["face_box"]
    assert 0 <= box["left"] < box["left"] + box["width"] <= 1
    assert 0 <= box["top"] < box["top"] + box["height"] <= 1
    assert face.width < whole.width
    assert selfie.size == face.size, "two faces side by side, not a face beside a whole picture"
    assert tag["confidence"] >= 75
    await guest.delete("/consents/biometric_processing")
    (after,) = (await event.operator.get(path))["items"]
    assert after["candidate"]["selfie_url"] is None, "at once, not when the job has run"
    await platform.jobs.run()


async def shown(url: str) -> Image.Image:
    async with httpx.AsyncClient() as http:
        answer = await http.get(url)
    assert answer.status_code == 200
    return Image.open(io.BytesIO(answer.content))


async def test_members_without_consent_are_never_matched(
    platform: Platform, scenes: list[Scene], selfies: dict[Person, Path]
) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    await enrol(platform, guest, selfies[Person.EILEEN].read_bytes())
    await guest.call("DELETE", "/consents/biometric_processing")
    uploaded = await upload(event, [scenes[0]])
    assert len(uploaded) == 1
    assert await photos_of(event, guest) == set()


async def test_bulk_review_is_all_or_nothing(
    platform: Platform, scenes: list[Scene], selfies: dict[Person, Path]
) -> None:
    event, other = await platform.new_event(), await platform.new_event()
    guest = await event.new_member()
    await enrol(platform, guest, selfies[Person.EILEEN].read_bytes())
    await upload(event, [scenes[0]])
    (tag,) = (await event.operator.get(f"/projects/{event.project_id}/photo-tags"))["items"]
    body = {"tag_ids": [tag["id"]], "review_status": "confirmed"}
    foreign = await other.operator.call("POST", "/photo-tags/bulk-review", body)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "photo_tag_not_found")
    assert (await event.operator.post("/photo-tags/bulk-review", body)) == {"updated": 1}
