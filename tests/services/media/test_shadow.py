"""A second engine looks at the same photos, and what it would have said is told to the operator alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from acme_config.jobs import JobName
from acme_config.settings import FaceSettings
from acme_jobs.catalogue import ErasureJob, PhotoJob
from acme_jobs.runner import JobRunner
from acme_media.jobs.context import JobContext
from acme_media.settings import MediaSettings, MediaWorkerSettings
from acme_media.worker import plan_faces
from acme_standalone.demo.client import Json
from acme_standalone.demo.scenes import Person, Scene, write_scenes, write_selfie
from tests.services.harness import Api, Event, Jobs, Platform, send
from tests.services.main.test_consents import consent
from tests.services.media.faces.standin import engine_of, fail


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> list[Scene]:
    """One of Eileen, one of both, one of nobody."""
    made = write_scenes(tmp_path_factory.mktemp("scenes"))
    return [made[0], made[2], made[4]]


@pytest.fixture(scope="module")
def selfies(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Person, Path]:
    folder = tmp_path_factory.mktemp("selfies")
    return {person: write_selfie(folder, person) for person in Person}


def jobs_with(platform: Platform, **settings: str) -> Jobs:
    """The platform's workers, with other engines."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        worker = MediaWorkerSettings()
    context = JobContext(
        platform.data.sessions, platform.storage, MediaSettings().uploads, platform.data.redis
    )
    others = platform.jobs.runner._handlers
    own = {str(item.contract.name): item for item in plan_faces(worker, context).handlers}
    runner = JobRunner(platform.data.sessions, {**others, **own}, "tests")
    return Jobs(platform.data.sessions, runner, platform.jobs.periodic)


@dataclass
class Party:
    event: Event
    guests: Mapping[Person, Api]
    uploaded: Mapping[str, Scene]

    def showing(self, person: Person) -> set[str]:
        return {photo_id for photo_id, scene in self.uploaded.items() if person in scene.people}


async def party(platform: Platform, jobs: Jobs, scenes: list[Scene], selfies: Mapping[Person, Path]) -> Party:
    event = await platform.new_event()
    guests = {person: await event.new_member(person) for person in Person}
    for person, guest in guests.items():
        await consent(platform, guest)
        media = platform.media.as_(await guest.post("/auth/media-token"))
        body = selfies[person].read_bytes()
        issued = await media.post(
            "/selfie/upload-url", {"content_type": "image/jpeg", "size_bytes": len(body)}
        )
        await send(issued["upload"], body)
        await media.post(f"/selfie/{issued['selfie_id']}/complete")
    await jobs.run()
    uploaded = {await event.upload(scene.path.read_bytes()): scene for scene in scenes}
    await jobs.run()
    return Party(event, guests, uploaded)


async def shown_to(event: Event, guest: Api) -> set[str]:
    return {item["id"] for item in (await guest.get(f"/projects/{event.project_id}/photos"))["items"]}


async def test_rekognition_shadows_the_local_engine(
    platform: Platform, scenes: list[Scene], selfies: Mapping[Person, Path], rekognition_url: str
) -> None:
    settings = {"FACE_SHADOW_ENGINE": "rekognition", "REKOGNITION_ENDPOINT_URL": rekognition_url}
    jobs = jobs_with(platform, **settings, REKOGNITION_CALLS_PER_S="100")
    made = await party(platform, jobs, scenes, selfies)
    event, path = made.event, f"/projects/{made.event.project_id}/matching/shadow"
    told = await event.operator.get(path)
    assert told["counts"] == {"agreed": 3, "only_primary": 0, "only_shadow": 0, "other_band": 0}
    assert told["differences"]["items"] == []
    agreed = (await event.operator.get(f"{path}?verdict=agreed"))["differences"]["items"]
    assert {(item["photo_id"], item["name"]) for item in agreed} == {
        (photo_id, str(person)) for person in Person for photo_id in made.showing(person)
    }
    assert {item["shadow"]["engine"] for item in agreed} == {"rekognition"}
    assert all(item["primary"]["engine"] != "rekognition" for item in agreed)
    assert all(75 <= item["shadow"]["score"] <= 100 for item in agreed)
    await _is_seen(event, agreed)
    assert len(await engine_of(rekognition_url).enrolled(UUID(event.project_id))) == 2
    await _differs(platform, made, jobs, path)
    await _is_erased(platform, made, jobs, rekognition_url)


async def _is_seen(event: Event, agreed: list[Json]) -> None:
    """Each with the tag that people decide on, and its pictures."""
    tags = (await event.operator.get(f"/projects/{event.project_id}/photo-tags"))["items"]
    by_pair = {(tag["photo_id"], tag["user_id"]): tag for tag in tags}
    for item in agreed:
        tag = by_pair[item["photo_id"], item["user_id"]]
        assert (item["tag_id"], item["review_status"]) == (tag["id"], "confirmed")
        pictures = [(item["face_url"], tag["face_url"]), (item["photo_url"], tag["photo_url"])]
        pictures += [(item["selfie_url"], tag["candidate"]["selfie_url"])]
        pictures += [(item["thumbnail_url"], tag["thumbnail_url"])]
        assert [_path(shown) for shown, _ in pictures] == [_path(known) for _, known in pictures]


def _path(url: str | None) -> str:
    assert url
    return urlsplit(url).path


async def _differs(platform: Platform, made: Party, jobs: Jobs, path: str) -> None:
    """The primary's scores change behind the shadow's back: it tells so, and changes no tag."""
    event, (photo_id, *_) = made.event, sorted(made.showing(Person.GRACE))
    grace = made.guests[Person.GRACE].account["id"]
    await platform.sql("DELETE FROM match_scores WHERE photo_id = :p AND user_id = :u", p=photo_id, u=grace)
    tags = await platform.sql("SELECT * FROM photo_tags WHERE photo_id = :p ORDER BY id", p=photo_id)
    await jobs.runner._handlers["shadow_faces"].run(PhotoJob(photo_id=UUID(photo_id)))
    told = await event.operator.get(path)
    assert told["counts"] == {"agreed": 2, "only_primary": 0, "only_shadow": 1, "other_band": 0}
    (item,) = told["differences"]["items"]
    assert (item["photo_id"], item["user_id"], item["verdict"]) == (photo_id, grace, "only_shadow")
    assert (item["primary"]["score"], item["primary"]["band"]) == (None, None)
    assert item["shadow"]["band"] == "confirmed"
    after = await platform.sql("SELECT * FROM photo_tags WHERE photo_id = :p ORDER BY id", p=photo_id)
    assert after == tags


async def _is_erased(platform: Platform, made: Party, jobs: Jobs, rekognition_url: str) -> None:
    """Who withdraws is erased at the shadow's provider as well, and from what was compared."""
    event, eileen = made.event, made.guests[Person.EILEEN]
    await eileen.delete("/consents/biometric_processing")
    (payload,) = await platform.jobs.waiting(JobName.PURGE_BIOMETRICS)
    fail(rekognition_url, "DeleteFaces", "AccessDeniedException")
    purge = jobs.runner._handlers["purge_biometrics"].run
    with pytest.raises(Exception, match="AccessDenied"):
        await purge(ErasureJob.model_validate(payload))
    await jobs.run()
    rows = await platform.sql("SELECT 1 FROM shadow_results WHERE user_id = :u", u=eileen.account["id"])
    assert rows == []
    assert len(await engine_of(rekognition_url).enrolled(UUID(event.project_id))) == 1


async def test_the_local_engine_shadows_rekognition_and_the_calls_are_reported(
    platform: Platform, scenes: list[Scene], selfies: Mapping[Person, Path], rekognition_url: str
) -> None:
    settings = {
        "FACE_ENGINE": "rekognition",
        "FACE_SHADOW_ENGINE": "local",
        "REKOGNITION_ENDPOINT_URL": rekognition_url,
        "REKOGNITION_CALLS_PER_S": "100",
    }
    jobs = jobs_with(platform, **settings)
    made = await party(platform, jobs, scenes[:2], selfies)
    for person, guest in made.guests.items():
        assert await shown_to(made.event, guest) == made.showing(person)
    told = await made.event.operator.get(f"/projects/{made.event.project_id}/matching/shadow")
    assert told["counts"] == {"agreed": 3, "only_primary": 0, "only_shadow": 0, "other_band": 0}
    calls = await platform.sql(
        "SELECT operation, sum(calls) FROM face_calls WHERE project_id = :p GROUP BY 1",
        p=made.event.project_id,
    )
    counted = {row[0]: int(row[1]) for row in calls}
    assert counted["DetectFaces"] == 2
    assert counted["IndexFaces"] == 2
    assert counted["SearchFacesByImage"] >= 3
    faces = (await made.event.operator.get("/analytics/summary"))["faces"]
    assert faces["calls"] == sum(counted.values())
    assert float(faces["cost_estimate"]) == pytest.approx(faces["calls"] * 0.001)
    assert float(faces["cost_per_photo"]) == pytest.approx(faces["calls"] * 0.001 / 2, abs=1e-6)
    assert faces["currency"] == "USD"


async def test_without_a_shadow_nothing_is_compared(platform: Platform, scenes: list[Scene]) -> None:
    event = await platform.new_event()
    await event.upload(scenes[2].path.read_bytes())
    await platform.jobs.run()
    told = await event.operator.get(f"/projects/{event.project_id}/matching/shadow")
    assert (told["is_on"], told["counts"]["agreed"], told["differences"]["items"]) == (False, 0, [])
    assert await platform.jobs.waiting(JobName.SHADOW_FACES) == []
    faces = (await event.operator.get("/analytics/summary"))["faces"]
    assert (faces["engine"], faces["calls"], float(faces["cost_estimate"])) == ("local", 0, 0)


def test_an_engine_is_not_its_own_shadow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACE_SHADOW_ENGINE", "local")
    with pytest.raises(ValueError, match="nothing to compare"):
        FaceSettings()
