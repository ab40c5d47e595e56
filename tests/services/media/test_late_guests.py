"""Late guests, faces that stay, and what people decided: on the real database, with an engine to tell."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import numpy as np
import pytest
from PIL import Image

from acme_config.settings import UploadSettings
from acme_jobs.catalogue import MembershipJob, PhotoJob, ProjectJob
from acme_media.faces.matching import Bands
from acme_media.faces.values import Box, Candidate, FoundFace, Vectors
from acme_media.jobs.backfill import BackfillJobs
from acme_media.jobs.context import JobContext
from acme_media.jobs.learning import LearningJobs
from acme_media.jobs.recognition import RecognitionJobs
from acme_media.jobs.template_store import DatabaseTemplates
from tests.counted import counted
from tests.services.harness import Api, Event, Platform, picture
from tests.services.main.test_consents import consent

GUEST, STRANGER = picture(21, (150, 150), "PNG"), picture(22, (150, 150), "PNG")
NEAR, FAR = [0.1] * 128, [0.9] * 128


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Engine:
    """Finds the faces that it is told, and takes every crop that says so for the guest's."""

    boxes: Sequence[Box] = (Box(0.1, 0.1, 0.2, 0.2),)
    guest: UUID = field(default_factory=uuid4)
    crash_after: int = 1_000
    sifted: list[int] = field(default_factory=list)
    searched: int = 0
    crop: bytes = GUEST
    meanwhile: Callable[[], Awaitable[object]] | None = None
    version: str = "test"

    async def find_faces(self, _: Image.Image) -> Sequence[FoundFace]:
        return [FoundFace(box, 100, 0.9, 40.0, 120, self.crop) for box in self.boxes]

    async def template(self, crop: bytes) -> list[float]:
        return NEAR if crop == GUEST else FAR

    async def enrol(self, *_: object) -> None:
        return None

    async def sift(self, selfies: Sequence[bytes], crops: Sequence[bytes]) -> list[bool]:
        assert selfies
        if len(self.sifted) >= self.crash_after:
            raise Crash
        self.sifted.append(len(crops))
        return [crop == GUEST for crop in crops]

    async def search(self, _: UUID, crops: Sequence[bytes]) -> list[list[Candidate]]:
        self.searched += 1
        return [[Candidate(self.guest, 90.0, 0.3)] if crop == GUEST else [] for crop in crops]

    async def search_vectors(self, _: UUID, vectors: Vectors) -> list[list[Candidate]]:
        if self.meanwhile is not None:
            await self.meanwhile()
        best = [Candidate(self.guest, 90.0, 0.3)]
        return [best if vector[0] == np.float32(NEAR[0]) else [] for vector in vectors]


@dataclass
class World:
    event: Event
    guest: Api
    engine: Engine

    @property
    def project(self) -> UUID:
        return UUID(self.event.project_id)

    @property
    def membership(self) -> MembershipJob:
        return MembershipJob(project_id=self.project, user_id=self.engine.guest)

    @property
    def context(self) -> JobContext:
        return JobContext(self.event.platform.data.sessions, self.event.platform.storage, UploadSettings())

    @property
    def recognition(self) -> RecognitionJobs:
        return RecognitionJobs(self.context, self.engine, Bands(75, 55))  # type: ignore[arg-type] # what it needs

    @property
    def backfill(self) -> BackfillJobs:
        return BackfillJobs(self.context, self.engine, self.recognition)  # type: ignore[arg-type] # what it needs

    @property
    def learning(self) -> LearningJobs:
        return LearningJobs(self.context, self.engine)  # type: ignore[arg-type] # what it needs

    async def sql(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        return [tuple(row) for row in await self.event.platform.sql(statement, **values)]

    async def kept(self, count: int, crop: bytes = GUEST) -> list[UUID]:
        """Photos with a face each, the newest last."""
        photos = [uuid4() for _ in range(count)]
        (photographer,) = (await self.sql("SELECT photographer_id FROM photos LIMIT 1"))[0]
        for age, photo in enumerate(photos):
            key = f"projects/{self.project}/photos/{photo}/faces/0"
            await self.context.storage.write(key, crop, "application/octet-stream")
            await self.sql(
                "INSERT INTO photos (id, project_id, photographer_id, storage_key, filename, content_type,"
                " size_bytes, upload_expires_at, uploaded_at, status, upload_state)"
                " VALUES (:id, :project, :by, :key, 'a.jpg', 'image/jpeg', 1, now(),"
                " now() - interval '1 day' + :age * interval '1 second', 'ready', 'verified') RETURNING id",
                id=photo,
                project=self.project,
                by=photographer,
                key=key,
                age=age,
            )
            await self.sql(
                "INSERT INTO photo_faces (photo_id, project_id, ordinal, box_left, box_top, box_width,"
                " box_height, size_px, detection_score, sharpness, crop_key)"
                " VALUES (:photo, :project, 0, 0, 0, 1, 1, 100, 1, 40, :key) RETURNING id",
                photo=photo,
                project=self.project,
                key=key,
            )
        return photos

    async def tagged(self) -> set[object]:
        rows = await self.sql("SELECT photo_id FROM photo_tags WHERE user_id = :user", user=self.engine.guest)
        return {row[0] for row in rows}


@pytest.fixture
async def world(platform: Platform) -> World:
    event = await platform.new_event()
    guest = await event.new_member()
    await consent(platform, guest)
    await event.upload(picture(11))
    user = UUID(guest.account["id"])
    made = World(event, guest, Engine(guest=user))
    await made.context.storage.write(f"users/{user}/crop", GUEST, "application/octet-stream")
    await made.sql(
        "INSERT INTO selfies (user_id, storage_key, status, content_type, size_bytes, upload_expires_at,"
        " crop_key, embedding) VALUES (:user, 'k', 'approved', 'image/jpeg', 1, now(), :key, :vector)"
        " RETURNING id",
        user=user,
        key=f"users/{user}/crop",
        vector=str(NEAR),
    )
    return made


async def test_a_run_that_breaks_off_goes_on_where_it_was(world: World) -> None:
    photos = await world.kept(70)
    world.engine.crash_after = 1
    with pytest.raises(Crash):
        await world.backfill.backfill_matches(world.membership)
    assert await world.tagged() == set(photos[-20:])  # the newest, in the first chunk
    ((state, done, total),) = await world.sql(
        "SELECT backfill_state, backfill_done, backfill_total FROM project_members WHERE user_id = :user",
        user=world.engine.guest,
    )
    assert (state, done, total) == ("running", 20, 70)
    world.engine.crash_after, world.engine.sifted = 1_000, []
    await world.backfill.backfill_matches(world.membership)
    assert sum(world.engine.sifted) == 50
    assert await world.tagged() == set(photos)
    ((state, done, total),) = await world.sql(
        "SELECT backfill_state, backfill_done, backfill_total FROM project_members WHERE user_id = :user",
        user=world.engine.guest,
    )
    assert (state, done, total) == ("done", 70, 70)


async def test_the_wait_for_the_first_match_is_told_once(world: World) -> None:
    """Not by photos of others, nor by the matches that come after it, in this run or a later one."""
    waits = "acme_selfie_to_first_match_seconds"
    await world.sql(
        "UPDATE project_members SET joined_at = now() - interval '1 day' WHERE user_id = :user RETURNING id",
        user=world.engine.guest,
    )
    await world.sql(
        "UPDATE selfies SET created_at = now() - interval '40 s' WHERE user_id = :user RETURNING id",
        user=world.engine.guest,
    )
    before = counted()
    await world.kept(3, STRANGER)
    await world.backfill.backfill_matches(world.membership)
    assert counted()(f"{waits}_count") == before(f"{waits}_count")
    await world.kept(30)
    await world.backfill.backfill_matches(world.membership)
    await world.kept(3)
    await world.backfill.backfill_matches(world.membership)
    after = counted()
    assert after(f"{waits}_count") - before(f"{waits}_count") == 1
    assert 40 <= after(f"{waits}_sum") - before(f"{waits}_sum") < 100


async def test_another_selfie_begins_anew(world: World) -> None:
    await world.kept(30)
    world.engine.crash_after = 1
    with pytest.raises(Crash):
        await world.backfill.backfill_matches(world.membership)
    await world.sql(
        "INSERT INTO selfies (user_id, storage_key, status, content_type, size_bytes, upload_expires_at,"
        " crop_key) SELECT user_id, 'l', 'approved', 'image/jpeg', 1, now(), crop_key FROM selfies"
        " WHERE user_id = :user RETURNING id",
        user=world.engine.guest,
    )
    world.engine.crash_after, world.engine.sifted = 1_000, []
    await world.backfill.backfill_matches(world.membership)
    assert sum(world.engine.sifted) == 30


async def test_a_second_run_writes_the_same_tags(world: World) -> None:
    await world.kept(5)
    await world.kept(5, STRANGER)
    tags = "SELECT id, photo_id, confidence, face_id FROM photo_tags WHERE user_id = :user ORDER BY id"
    await world.backfill.backfill_matches(world.membership)
    assert world.engine.searched == 5  # photos of strangers are not searched
    first = await world.sql(tags, user=world.engine.guest)
    await world.backfill.backfill_matches(world.membership)
    assert await world.sql(tags, user=world.engine.guest) == first
    assert len(first) == 5


async def test_a_face_found_again_keeps_its_id_and_its_tag(world: World) -> None:
    photo = UUID(await world.event.upload(picture(12)))
    left, right = Box(0.1, 0.1, 0.2, 0.2), Box(0.6, 0.1, 0.2, 0.2)
    faces = "SELECT id, box_left FROM photo_faces WHERE photo_id = :photo ORDER BY box_left"
    world.engine.boxes = [left, right]
    await world.recognition.recognize_faces(PhotoJob(photo_id=photo))
    before = await world.sql(faces, photo=photo)
    tag = "SELECT face_id FROM photo_tags WHERE photo_id = :photo"
    pointed = await world.sql(tag, photo=photo)
    assert pointed == [(before[0][0],)]
    world.engine.boxes = [Box(0.61, 0.11, 0.2, 0.2), Box(0.4, 0.6, 0.1, 0.1), Box(0.11, 0.1, 0.2, 0.2)]
    await world.recognition.recognize_faces(PhotoJob(photo_id=photo))
    after = await world.sql(faces, photo=photo)
    assert [after[0][0], after[2][0]] == [before[0][0], before[1][0]]
    assert after[0][1] == pytest.approx(0.11)


async def test_what_a_person_decided_by_stays_although_it_is_not_found_again(world: World) -> None:
    photo = UUID(await world.event.upload(picture(13)))
    await world.recognition.recognize_faces(PhotoJob(photo_id=photo))
    ((tag, face),) = await world.sql(
        "SELECT id, face_id FROM photo_tags WHERE photo_id = :photo", photo=photo
    )
    await world.event.operator.call("PATCH", f"/photo-tags/{tag}", {"review_status": "confirmed"})
    world.engine.boxes = [Box(0.7, 0.7, 0.2, 0.2)]
    await world.recognition.recognize_faces(PhotoJob(photo_id=photo))
    assert await world.sql("SELECT face_id FROM photo_tags WHERE id = :tag", tag=tag) == [(face,)]


async def test_not_me_is_remembered_and_the_face_is_free_for_another(world: World) -> None:
    (photo,) = await world.kept(1)
    await world.recognition.match(world.project, photo)
    assert (await world.guest.call("DELETE", f"/photos/{photo}/tags/me")).status_code == 204
    await world.recognition.match(world.project, photo)
    rows = await world.sql("SELECT review_status FROM photo_tags WHERE photo_id = :photo", photo=photo)
    assert rows == [("rejected",)]
    assert await world.sql("SELECT 1 FROM match_scores WHERE photo_id = :photo", photo=photo) == []


async def test_a_confirmed_face_becomes_a_template_until_consent_is_withdrawn(world: World) -> None:
    (photo,) = await world.kept(1)
    await world.recognition.match(world.project, photo)
    ((tag,),) = await world.sql("SELECT id FROM photo_tags WHERE photo_id = :photo", photo=photo)
    templates = "SELECT face_id FROM face_templates WHERE user_id = :user"
    await world.learning.learn_faces(world.membership)
    assert await world.sql(templates, user=world.engine.guest) == []  # nobody has confirmed it
    await world.event.operator.call("PATCH", f"/photo-tags/{tag}", {"review_status": "confirmed"})
    await world.learning.learn_faces(world.membership)
    await world.learning.learn_faces(world.membership)
    assert len(await world.sql(templates, user=world.engine.guest)) == 1
    receipt = (await world.guest.call("DELETE", "/consents/biometric_processing")).json()
    await world.event.platform.jobs.run()
    assert await world.sql(templates, user=world.engine.guest) == []
    proof = await world.guest.get(f"/consents/receipts/{receipt['receipt_id']}")
    assert proof["erased"]["templates"] == 2, "the selfie's, and the one that was learned"


async def test_indexed_faces_are_found_without_their_crops_until_it_is_turned_off(world: World) -> None:
    photos = await world.kept(3)
    await world.kept(3, STRANGER)
    path = f"/projects/{world.project}/face-index"
    refused = await world.event.operator.call("PUT", path, {"enabled": True})
    assert refused.status_code == 422
    wish = {"enabled": True, "attestation": "Every guest has signed the form at the door."}
    on = (await world.event.operator.call("PUT", path, wish)).json()
    assert on["enabled"]
    assert on["enabled_by"] == world.event.operator.account["id"]
    assert on["attestation"] == wish["attestation"]
    await world.learning.index_faces(ProjectJob(project_id=world.project))
    kept = "SELECT count(*) FROM face_vectors WHERE project_id = :project"
    assert await world.sql(kept, project=world.project) == [(6,)]
    await world.backfill.backfill_matches(world.membership)
    assert await world.tagged() == set(photos)
    assert sum(world.engine.sifted) == 0
    await world.event.operator.call("PUT", path, {"enabled": False})
    await world.learning.index_faces(ProjectJob(project_id=world.project))
    assert await world.sql(kept, project=world.project) == [(0,)]
    said = await world.sql(
        "SELECT count(*) FROM audit_events WHERE action = 'review.face_index_changed' AND subject_id = :id",
        id=world.project,
    )
    assert said == [(2,)]


async def test_the_operator_sees_all_faces_and_the_guest_their_own(world: World) -> None:
    photo = await world.event.upload(picture(14))
    world.engine.boxes = [Box(0.1, 0.1, 0.2, 0.2), Box(0.6, 0.1, 0.1, 0.1)]
    await world.recognition.recognize_faces(PhotoJob(photo_id=UUID(photo)))
    faces = (await world.event.operator.get(f"/photos/{photo}/faces"))["items"]
    assert [face["state"] for face in faces].count("confirmed") == 1
    assert [face["state"] for face in faces].count("unknown") == 1
    (known,) = [face for face in faces if face["candidate"]]
    assert known["candidate"]["user_id"] == world.guest.account["id"]
    listed = (await world.event.operator.get(f"/projects/{world.project}/photos"))["items"]
    (item,) = [item for item in listed if item["id"] == photo]
    assert item["focus"]["x"] == pytest.approx(0.29, abs=0.05)
    stranger = await world.event.platform.new_event()
    assert (await stranger.operator.call("GET", f"/photos/{photo}/faces")).status_code == 404


async def test_of_several_templates_of_a_person_the_nearest_counts_once(world: World) -> None:
    await world.sql(
        "INSERT INTO selfies (user_id, storage_key, status, content_type, size_bytes, upload_expires_at,"
        " embedding) VALUES (:user, 'm', 'approved', 'image/jpeg', 1, now(), :vector) RETURNING id",
        user=world.engine.guest,
        vector=str(FAR),
    )
    store = DatabaseTemplates(world.context.sessions)
    near, far = np.array([NEAR, FAR], np.float32)
    found = await store.nearest(world.project, np.stack([near, far, (near + far) / 2]), 5)
    assert [[user for user, _ in nearest] for nearest in found] == [[world.engine.guest]] * 3
    assert [nearest[0][1] for nearest in found] == pytest.approx(
        [0, 0, np.linalg.norm(far - near) / 2], abs=1e-3
    )
    assert await store.count(world.project) == 1
    assert await store.nearest(UUID(int=9), near[None], 5) == [[]]
