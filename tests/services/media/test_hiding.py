"""Who asks not to be seen is not: in no file, for nobody, and not after a change of the design either."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from acme_media.faces.local_engine import LocalEngine
from acme_media.jobs.template_store import DatabaseTemplates
from acme_standalone.demo.scenes import Person, Scene
from acme_standalone.verify.database import check_rows
from acme_standalone.verify.objects import read_named
from tests.services.harness import Api, Event, Json, Platform, mailed_text
from tests.services.media.test_matching_journey import enrol, photos_of, scenes, selfies, upload

__all__ = ["scenes", "selfies"]


APART = 0.15
"""Of the picture's width: nearer to each other stands nobody in these scenes."""


@dataclass(frozen=True)
class Gathering:
    """A photo of two guests, which one of them has bought as it was taken."""

    event: Event
    shy: Api
    buyer: Api
    photo: str
    purchase: str

    @property
    def prefix(self) -> str:
        return f"projects/{self.event.project_id}/photos/{self.photo}/"

    async def ask(self, kind: str, **more: object) -> Json:
        return await self.shy.post(f"/photos/{self.photo}/hide-requests", {"kind": kind, **more})

    async def decide(self, request: Json, state: str) -> Json:
        decided = await self.event.operator.patch(f"/hide-requests/{request['id']}", {"state": state})
        await self.event.platform.jobs.run()
        return decided

    async def keys(self) -> set[str]:
        return {item.key for item in await self.event.platform.storage.list_objects(self.prefix)}


@pytest.fixture
async def gathering(platform: Platform, scenes: list[Scene], selfies: dict[Person, Path]) -> Gathering:
    event = await platform.new_event()
    shy, buyer = await event.new_member("Eileen"), await event.new_member("Grace")
    await enrol(platform, shy, selfies[Person.EILEEN].read_bytes())
    await enrol(platform, buyer, selfies[Person.GRACE].read_bytes())
    (photo,) = await upload(event, [scenes[2]])
    package = await event.new_package(photo_count=1, price=0, deliverable="original")
    bought = await buyer.post("/purchases", {"project_id": event.project_id, "package_id": package})
    await buyer.post(f"/purchases/{bought['id']}/photos", {"photo_ids": [photo]})
    await buyer.post(f"/purchases/{bought['id']}/archive")
    await platform.jobs.run()
    return Gathering(event, shy, buyer, photo, bought["id"])


async def fetched(url: str) -> bytes:
    async with httpx.AsyncClient() as http:
        return (await http.get(url)).raise_for_status().content


async def faces_in(platform: Platform, body: bytes) -> list[float]:
    """Where faces are found, from the left: the middle of each, of the picture's width; each person once."""
    engine = LocalEngine(DatabaseTemplates(platform.data.sessions))
    found = await engine.find_faces(Image.open(io.BytesIO(body)).convert("RGB"))
    people: list[float] = []
    for middle in (face.box.left + face.box.width / 2 for face in found):  # the largest first
        if all(abs(middle - other) > APART for other in people):
            people.append(middle)
    return sorted(people)


async def everything_shown(gathering: Gathering, guest: Api) -> list[bytes]:
    """Every file that a guest can fetch of the photo, large enough to see a face in."""
    detail = await guest.get(f"/photos/{gathering.photo}")
    urls = [detail["preview_url"], *(screen["url"] for screen in detail["screens"])]
    return [await fetched(url) for url in urls]


async def archived(gathering: Gathering) -> list[bytes]:
    archive = await gathering.buyer.get(f"/purchases/{gathering.purchase}/archive")
    assert archive["state"] == "ready"
    with zipfile.ZipFile(io.BytesIO(await fetched(archive["url"]))) as file:
        return [file.read(name) for name in file.namelist()]


async def promises_broken(gathering: Gathering) -> list[str]:
    """By anybody's rows, and by the files of this photo: rows of other tests name files that never were."""
    platform = gathering.event.platform
    rows = await check_rows(platform.data.engine)
    named = {key for key in await read_named(platform.data.engine) if key.startswith(gathering.prefix)}
    about = [
        item.promise
        for item in rows
        if item.broken and ("blur" in item.promise or "withheld" in item.promise)
    ]
    return [*about, *sorted(named - await gathering.keys())]


async def all_show(platform: Platform, bodies: Sequence[bytes], faces: list[float]) -> bool:
    seen = [await faces_in(platform, body) for body in bodies]
    return all(found == pytest.approx(faces, abs=APART / 2) for found in seen)


async def test_a_blurred_face_is_in_no_file_any_more(platform: Platform, gathering: Gathering) -> None:
    guest, buyer, photo = gathering.shy, gathering.buyer, gathering.photo
    download = f"/photos/{photo}/download"
    before, signed = await gathering.keys(), (await buyer.get(download))["url"]
    both = await faces_in(platform, await fetched(signed))
    assert len(both) == 2
    own = (await guest.get(f"/photos/{photo}"))["face_box"]
    middle = own["left"] + own["width"] / 2
    (other,) = [face for face in both if abs(face - middle) > APART / 2]
    assert await all_show(platform, await everything_shown(gathering, buyer), both)

    asked = await gathering.ask("blur", reason="I would rather not be seen")
    assert (asked["state"], asked["box"]) == ("pending", own)
    (listed,) = (await gathering.event.operator.get(queue(gathering, "pending")))["items"]
    assert (listed["guest_name"], listed["other_purchases"], listed["is_done"]) == ("Eileen", 1, False)
    await gathering.decide(asked, "accepted")
    (listed,) = (await gathering.event.operator.get(queue(gathering, "accepted")))["items"]
    assert listed["is_done"] is True
    assert "Your face is being blurred" in mailed_text(guest.account["email"])

    for body in [*await everything_shown(gathering, buyer), *await everything_shown(gathering, guest)]:
        assert await faces_in(platform, body) == pytest.approx([other], abs=APART / 2)
    bought = await buyer.get(download)
    assert await faces_in(platform, await fetched(bought["url"])) == pytest.approx([other], abs=APART / 2)
    assert await all_show(platform, await archived(gathering), [other])
    thumbnail = await fetched((await guest.get(f"/photos/{photo}"))["thumbnail_url"])
    assert await faces_in(platform, thumbnail) != pytest.approx(both, abs=APART / 2)

    after = await gathering.keys()
    private = {key for key in before if key.endswith("/original") or "/faces/" in key}
    assert before & after == private, "what showed the face is gone from the store"
    (row,) = await platform.sql("SELECT * FROM photos WHERE id = :id", id=photo)
    await platform.sql(
        "INSERT INTO outbox_jobs (name, queue, payload) "
        "VALUES ('blur_photo', 'acme:images', jsonb_build_object('photo_id', CAST(:id AS text)))",
        id=photo,
    )
    await platform.jobs.run()
    assert await platform.sql("SELECT * FROM photos WHERE id = :id", id=photo) == [row]
    assert await gathering.keys() == after
    assert await promises_broken(gathering) == []


def queue(gathering: Gathering, state: str) -> str:
    return f"/projects/{gathering.event.project_id}/hide-requests?state={state}"


async def test_a_new_design_keeps_the_blur_and_a_new_decision_ends_it(
    platform: Platform, gathering: Gathering
) -> None:
    both = await faces_in(platform, (await everything_shown(gathering, gathering.buyer))[0])
    asked = await gathering.ask("blur")
    await gathering.decide(asked, "accepted")
    (alone,) = await faces_in(platform, (await everything_shown(gathering, gathering.buyer))[0])
    operator = gathering.event.operator
    design = {"kind": "text", "text": "Another mark"}
    assert (await operator.call("PUT", "/watermark", {**design, "version": None})).is_success
    await platform.jobs.run()
    assert await all_show(platform, await everything_shown(gathering, gathering.buyer), [alone])
    assert await promises_broken(gathering) == []

    await gathering.decide(asked, "declined")
    assert await all_show(platform, await everything_shown(gathering, gathering.buyer), both)
    original = await fetched((await gathering.buyer.get(f"/photos/{gathering.photo}/download"))["url"])
    assert await faces_in(platform, original) == pytest.approx(both, abs=APART / 2)
    assert not [key for key in await gathering.keys() if key.endswith("cleared.jpg")]
    assert await promises_broken(gathering) == []


async def test_a_withheld_photo_is_shown_to_nobody_not_even_its_buyer(
    platform: Platform, gathering: Gathering
) -> None:
    asked = await gathering.ask("withhold")
    again = await gathering.shy.call(
        "POST", f"/photos/{gathering.photo}/hide-requests", {"kind": "withhold", "reason": "Please"}
    )
    assert (again.status_code, again.json()["id"]) == (200, asked["id"])
    event, buyer = gathering.event, gathering.buyer
    assert await photos_of(event, buyer) == {gathering.photo}, "until it is decided"
    await gathering.decide(asked, "accepted")
    for guest in (gathering.shy, buyer):
        assert await photos_of(event, guest) == set()
        refused = await guest.call("GET", f"/photos/{gathering.photo}/download")
        assert (refused.status_code, refused.json()["code"]) == (404, "photo_not_found")
    assert await archived(gathering) == []
    (told,) = (await gathering.shy.get("/hide-requests"))["items"]
    assert (told["state"], told["photo_id"]) == ("accepted", gathering.photo)
    assert await promises_broken(gathering) == []
    await gathering.decide(asked, "declined")
    assert await photos_of(event, buyer) == {gathering.photo}
    assert len(await archived(gathering)) == 1
    assert await promises_broken(gathering) == []


async def test_who_was_tagged_by_hand_says_where_they_are(platform: Platform, scenes: list[Scene]) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    (photo,) = await upload(event, [scenes[0]])
    await event.tag(photo, guest)
    path = f"/photos/{photo}/hide-requests"
    refused = await guest.call("POST", path, {"kind": "blur"})
    assert (refused.status_code, refused.json()["code"]) == (409, "face_unknown")
    outside = {"kind": "blur", "box": {"left": 0.9, "top": 0, "width": 0.2, "height": 0.1}}
    assert (await guest.call("POST", path, outside)).status_code == 422
    box = {"left": 0.0, "top": 0.0, "width": 1.0, "height": 1.0}
    asked = await guest.post(path, {"kind": "blur", "box": box})
    await event.operator.patch(f"/hide-requests/{asked['id']}", {"state": "accepted"})
    await platform.jobs.run()
    preview = await fetched((await guest.get(f"/photos/{photo}"))["preview_url"])
    assert await faces_in(platform, preview) == []


async def test_strangers_neither_ask_nor_decide(platform: Platform, gathering: Gathering) -> None:
    asked = await gathering.ask("withhold")
    stranger = await platform.new_event()
    refused = await stranger.operator.call("PATCH", f"/hide-requests/{asked['id']}", {"state": "accepted"})
    assert (refused.status_code, refused.json()["code"]) == (404, "hide_request_not_found")
    outsider = await stranger.new_member()
    path = f"/photos/{gathering.photo}/hide-requests"
    answer = await outsider.call("POST", path, {"kind": "withhold"})
    assert (answer.status_code, answer.json()["code"]) == (404, "photo_not_found")
    assert (await outsider.get("/hide-requests"))["items"] == []
    unknown = await gathering.event.operator.call("PATCH", f"/hide-requests/{uuid4()}", {"state": "declined"})
    assert unknown.status_code == 404
