"""A project's own bounds: tried beforehand, applied to what is there, never over a person's decision."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from acme_standalone.demo.scenes import Person, Scene
from tests.services.harness import Api, Event, Json, Platform, picture
from tests.services.main.test_consents import consent
from tests.services.media.test_matching_journey import enrol, photos_of, scenes, selfies, upload

__all__ = ["scenes", "selfies"]


async def simulate(event: Event, **bounds: float) -> Json:
    query = "&".join(f"{name}={value}" for name, value in bounds.items())
    return await event.operator.get(f"/projects/{event.project_id}/matching/simulate?{query}")


async def score(
    platform: Platform, photo: str, guest: Api, confidence: float, *, capped: bool = False
) -> None:
    """As the engine would have left it."""
    await platform.sql(
        "INSERT INTO match_scores (photo_id, user_id, confidence, is_capped) VALUES (:p, :u, :c, :k)",
        p=photo,
        u=guest.account["id"],
        c=confidence,
        k=capped,
    )


Scored = tuple[Event, list[str], Api]


@pytest.fixture
async def scored(platform: Platform) -> Scored:
    return await new_scored(platform)


@pytest.fixture(scope="module")
async def only_read(platform: Platform) -> Scored:
    """For those who change nothing."""
    return await new_scored(platform)


async def new_scored(platform: Platform) -> Scored:
    """Six photos of one guest: 95, 80 (capped), 76, 74.5, 60 and 56."""
    event = await platform.new_event()
    guest = await event.new_member()
    photos = [await event.upload(picture(50 + number)) for number in range(6)]
    await platform.jobs.run()
    for photo, confidence in zip(photos, (95, 80, 76, 74.5, 60, 56), strict=True):
        await score(platform, photo, guest, confidence, capped=confidence == 80)
    return event, photos, guest


@pytest.mark.parametrize(
    ("bounds", "outcome"),
    [
        ({}, (2, 4, 0)),
        ({"confirm": 75, "review": 55}, (2, 4, 0)),
        ({"confirm": 76}, (2, 4, 0)),
        ({"confirm": 76.1}, (1, 5, 0)),
        ({"confirm": 55, "review": 55}, (5, 1, 0)),
        ({"confirm": 90, "review": 75}, (1, 2, 3)),
        ({"confirm": 100, "review": 100}, (0, 0, 6)),
    ],
)
async def test_the_simulator_counts_what_bounds_would_do(
    only_read: Scored, bounds: dict[str, float], outcome: tuple[int, int, int]
) -> None:
    found = await simulate(only_read[0], **bounds)
    assert tuple(found["simulated"].values()) == outcome
    assert tuple(found["present"].values()) == (2, 4, 0)
    assert found["present_bounds"] == {"confirm": 75.0, "review": 55.0}


async def test_the_histogram_has_every_score_in_its_bucket(only_read: Scored) -> None:
    buckets = (await simulate(only_read[0]))["histogram"]
    assert (buckets[0]["start"], buckets[-1]["end"], len(buckets)) == (55.0, 100.0, 45)
    full = {bucket["start"]: bucket["undecided"] for bucket in buckets if bucket["undecided"]}
    assert full == {56.0: 1, 60.0: 1, 74.0: 1, 76.0: 1, 80.0: 1, 95.0: 1}


async def test_people_are_not_simulated_but_held_against_the_bounds(
    platform: Platform, scored: Scored
) -> None:
    event, photos, guest = scored
    for photo in (photos[0], photos[5]):
        await event.tag(photo, guest)
    rejected = (await event.operator.get(f"/projects/{event.project_id}/photo-tags"))["items"]
    (high,) = [tag["id"] for tag in rejected if tag["photo_id"] == photos[0]]
    await event.operator.patch(f"/photo-tags/{high}", {"review_status": "rejected"})
    found = await simulate(event, confirm=90, review=60)
    assert sum(found["simulated"].values()) == 4
    assert found["decisions"] == {
        "confirmed": 1,
        "rejected": 1,
        "rejected_but_confirmed": 1,
        "confirmed_but_missed": 1,
    }


async def test_scores_of_deleted_photos_and_of_other_projects_are_not_counted(
    platform: Platform, scored: Scored
) -> None:
    event, photos, guest = scored
    other = await platform.new_event()
    elsewhere = await other.upload(picture(60))
    await platform.jobs.run()
    await score(platform, elsewhere, guest, 95)
    for photo in (photos[0], photos[2]):
        assert (await event.operator.call("DELETE", f"/photos/{photo}")).status_code == 204
    found = await simulate(event)
    assert tuple(found["simulated"].values()) == (0, 4, 0)
    assert sum(bucket["undecided"] for bucket in found["histogram"]) == 4
    assert tuple((await simulate(other))["simulated"].values()) == (1, 0, 0)


@pytest.mark.parametrize("query", ["confirm=54.9", "review=101", "confirm=nan", "review=inf", "confirm=x"])
async def test_bounds_out_of_range_are_refused(platform: Platform, query: str) -> None:
    event = await platform.new_event()
    path = f"/projects/{event.project_id}/matching/simulate?{query}"
    assert (await event.operator.call("GET", path)).status_code == 422


async def test_bounds_must_be_ordered_with_what_stays_too(platform: Platform) -> None:
    event = await platform.new_event()
    path = f"/projects/{event.project_id}"
    for change in ({"review_confidence": 80}, {"confirm_confidence": 60, "review_confidence": 61}):
        answer = await event.operator.call("PATCH", path, change)
        assert (answer.status_code, answer.json()["code"]) == (422, "bounds_not_ordered")
    answer = await event.operator.call("GET", f"{path}/matching/simulate?confirm=60&review=70")
    assert answer.json()["code"] == "bounds_not_ordered"
    both = await event.operator.patch(path, {"confirm_confidence": 60, "review_confidence": 60})
    assert (both["confirm_confidence"], both["review_confidence"]) == (60, 60)
    reset = await event.operator.patch(path, {"confirm_confidence": None, "review_confidence": None})
    assert reset["confirm_confidence"] is None
    await platform.jobs.run()


async def test_new_bounds_are_applied_to_what_is_there_and_people_keep_their_say(
    platform: Platform, scenes: list[Scene], selfies: dict[Person, Path]
) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    await enrol(platform, guest, selfies[Person.EILEEN].read_bytes())
    uploaded = await upload(event, [scenes[0], scenes[2]])
    assert await photos_of(event, guest) == set(uploaded)
    kept, other = uploaded
    tags = (await event.operator.get(f"/projects/{event.project_id}/photo-tags"))["items"]
    (decided,) = [tag for tag in tags if tag["photo_id"] == kept]
    await event.operator.patch(f"/photo-tags/{decided['id']}", {"review_status": "confirmed"})

    path = f"/projects/{event.project_id}"
    await event.operator.patch(path, {"confirm_confidence": 100, "review_confidence": 100})
    await platform.jobs.run()
    assert await photos_of(event, guest) == {kept}
    assert (await simulate(event, confirm=75, review=55))["simulated"]["confirmed"] == 1, "scores are kept"

    await event.operator.patch(path, {"confirm_confidence": None, "review_confidence": None})
    await platform.jobs.run()
    assert await photos_of(event, guest) == {kept, other}


async def test_scores_go_with_the_consent(
    platform: Platform, scenes: list[Scene], selfies: dict[Person, Path]
) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    await enrol(platform, guest, selfies[Person.GRACE].read_bytes())
    await upload(event, [scenes[1]])
    statement = "SELECT count(*) FROM match_scores WHERE user_id = :id"
    assert await platform.sql(statement, id=guest.account["id"]) == [(1,)]
    await guest.delete("/consents/biometric_processing")
    await platform.jobs.run()
    assert await platform.sql(statement, id=guest.account["id"]) == [(0,)]


async def test_a_consent_withdrawn_while_faces_are_compared_leaves_nothing_behind(
    platform: Platform,
    scenes: list[Scene],
    selfies: dict[Person, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from acme_media.faces.local_engine import LocalEngine

    event = await platform.new_event()
    guest = await event.new_member()
    await enrol(platform, guest, selfies[Person.GRACE].read_bytes())
    search: Callable[..., Any] = LocalEngine.search

    async def withdrawn_meanwhile(self: LocalEngine, *arguments: Any) -> Any:
        found = await search(self, *arguments)
        await guest.call("DELETE", "/consents/biometric_processing")
        return found

    monkeypatch.setattr(LocalEngine, "search", withdrawn_meanwhile)
    await upload(event, [scenes[1]])
    assert await photos_of(event, guest) == set()
    for table in ("photo_tags", "match_scores"):
        assert await platform.sql(f"SELECT 1 FROM {table} WHERE user_id = :i", i=guest.account["id"]) == []
    await consent(platform, guest)
