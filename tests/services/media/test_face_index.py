"""Vectors that are kept: searched in memory as in the database, and only for as long as they may be."""

from uuid import UUID

import numpy as np
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from acme_jobs.catalogue import PhotoJob, ProjectJob
from acme_media.jobs.face_index import FaceIndex
from tests.services.media.test_late_guests import FAR, GUEST, NEAR, STRANGER, World, world

__all__ = ["world"]
TEMPLATES = np.array([NEAR], np.float32)
ENGINE = "test"


async def index_all(world: World) -> None:
    wish = {"enabled": True, "attestation": "Every guest has signed the form at the door."}
    await world.event.operator.call("PUT", f"/projects/{world.project}/face-index", wish)
    # The job that this has queued would run on the real engine.
    await world.sql("UPDATE outbox_jobs SET state = 'done' WHERE name = 'index_faces' RETURNING id")
    await world.learning.index_faces(ProjectJob(project_id=world.project))


async def search(world: World, index: FaceIndex, engine: str = ENGINE, reach: float = 0.5) -> set[UUID]:
    async with world.context.sessions() as session:
        return await index.photos_within(session, world.project, engine, TEMPLATES, reach)


@pytest.mark.parametrize("worth_holding", [0, 1_000], ids=["in memory", "in PostgreSQL"])
async def test_only_near_faces_of_the_project_are_found(world: World, worth_holding: int) -> None:
    photos = await world.kept(3)
    await world.kept(2, STRANGER)
    await index_all(world)
    index = FaceIndex(worth_holding=worth_holding)
    assert await search(world, index) == set(photos)
    assert await search(world, index) == set(photos)
    assert len(await search(world, index, reach=float(np.linalg.norm(np.subtract(FAR, NEAR))) + 0.01)) == 5
    assert await search(world, FaceIndex(worth_holding=worth_holding), "another engine") == set()


async def test_memory_and_database_agree_to_the_last_face(world: World) -> None:
    photos = await world.kept(60)
    await index_all(world)
    rows = np.random.default_rng(4).normal(0.1, 0.03, (60, 128)).astype(np.float32)
    for photo, row in zip(photos, rows, strict=True):
        await world.sql(
            "UPDATE face_vectors SET embedding = :vector WHERE photo_id = :photo RETURNING face_id",
            vector=str([float(value) for value in row]),
            photo=photo,
        )
    gaps = np.linalg.norm(rows - TEMPLATES, axis=1)
    reach = float(np.sort(gaps)[29:31].mean())
    wanted = {photo for photo, gap in zip(photos, gaps, strict=True) if gap <= reach}
    assert len(wanted) == 30
    for worth_holding in (0, 1_000):
        assert await search(world, FaceIndex(worth_holding=worth_holding), reach=reach) == wanted


async def test_what_is_held_is_compared_no_more_once_it_changed_or_may_not_be(world: World) -> None:
    first, second = await world.kept(2)
    await index_all(world)
    index = FaceIndex(worth_holding=0)
    assert await search(world, index) == {first, second}
    await world.event.operator.call("DELETE", f"/photos/{first}")
    await world.event.platform.jobs.run()
    assert await search(world, index) == {second}, "a deleted photo leaves no vector"
    await world.sql("DELETE FROM photo_faces WHERE photo_id = :photo RETURNING id", photo=second)
    assert await search(world, index) == set(), "nor does a face that is not there any more"
    (third,) = await world.kept(1)
    await world.learning.index_faces(ProjectJob(project_id=world.project))
    assert await search(world, index) == {third}
    path = f"/projects/{world.project}/face-index"
    await world.event.operator.call("PUT", path, {"enabled": False})
    assert await search(world, index) == set(), "although its vectors are not erased yet"


async def test_vectors_are_read_in_when_searched_often_and_given_up_for_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from acme_media.jobs import vector_queries

    await world.kept(2)
    await index_all(world)
    asked = 0
    in_database = vector_queries.photos_within

    async def counted(session: AsyncSession, *arguments: object) -> set[UUID]:
        nonlocal asked
        asked += 1
        return await in_database(session, *arguments)  # type: ignore[arg-type] # its own

    monkeypatch.setattr(vector_queries, "photos_within", counted)
    index = FaceIndex(worth_holding=2)
    for _ in range(5):
        assert len(await search(world, index)) == 2
    assert asked == 2
    small = FaceIndex(worth_holding=0, most_held=1)
    assert len(await search(world, small)) == 2
    assert asked == 3, "more than may be held is not"


async def test_faces_with_kept_vectors_are_matched_without_their_crops(world: World) -> None:
    photos = await world.kept(20)
    await index_all(world)
    (denied, decided) = photos[:2]
    for photo in photos:
        await world.context.storage.delete_prefix(f"projects/{world.project}/photos/{photo}/")
    await world.recognition.match(world.project, denied, decided)
    assert (await world.guest.call("DELETE", f"/photos/{denied}/tags/me")).status_code == 204
    ((tag,),) = await world.sql("SELECT id FROM photo_tags WHERE photo_id = :photo", photo=decided)
    await world.event.operator.call("PATCH", f"/photo-tags/{tag}", {"review_status": "confirmed"})
    await world.sql("UPDATE outbox_jobs SET state = 'done' WHERE name = 'learn_faces' RETURNING id")
    reviewed = "SELECT photo_id, review_status, updated_at FROM photo_tags WHERE reviewed_at IS NOT NULL"
    before = sorted(map(str, await world.sql(reviewed)))
    await world.backfill.backfill_matches(world.membership)
    assert world.engine.searched == 0
    assert await world.tagged() == set(photos)
    assert sorted(map(str, await world.sql(reviewed))) == before, "what people decided stays"
    scores = await world.sql("SELECT photo_id FROM match_scores WHERE user_id = :u", u=world.engine.guest)
    assert {row[0] for row in scores} == set(photos) - {denied}


async def test_a_consent_withdrawn_while_many_photos_are_matched_leaves_no_tag(world: World) -> None:
    photos = await world.kept(20)
    await index_all(world)
    world.engine.meanwhile = lambda: world.guest.call("DELETE", "/consents/biometric_processing")
    await world.recognition.match(world.project, *photos)
    assert await world.tagged() == set()
    assert await world.sql("SELECT 1 FROM match_scores WHERE user_id = :u", u=world.engine.guest) == []


async def test_vectors_of_another_engine_are_not_compared(world: World) -> None:
    photos = await world.kept(2)
    await index_all(world)
    await world.sql(
        "UPDATE face_vectors SET engine = 'older' WHERE project_id = :p RETURNING face_id", p=world.project
    )
    await world.backfill.backfill_matches(world.membership)
    assert (world.engine.searched, sum(world.engine.sifted)) == (2, 2), "by their crops"
    assert await world.tagged() == set(photos)
    await world.learning.index_faces(ProjectJob(project_id=world.project))
    engines = "SELECT DISTINCT engine FROM face_vectors WHERE project_id = :project"
    assert await world.sql(engines, project=world.project) == [(ENGINE,)]


async def test_a_photo_looked_at_again_has_the_vectors_of_its_new_crops(world: World) -> None:
    await index_all(world)
    ((photo,),) = await world.sql(
        "SELECT id FROM photos WHERE project_id = :project LIMIT 1", project=world.project
    )
    assert isinstance(photo, UUID)
    vectors = "SELECT v.embedding::text FROM face_vectors v WHERE v.photo_id = :photo"
    for crop, vector in ((GUEST, NEAR), (STRANGER, FAR)):
        world.engine.crop = crop
        await world.recognition.recognize_faces(PhotoJob(photo_id=photo))
        ((kept,),) = await world.sql(vectors, photo=photo)
        assert kept == "[" + ",".join(map(str, vector)) + "]"


async def test_confirmations_one_after_another_cause_one_search(world: World) -> None:
    photos = await world.kept(3)
    await world.recognition.match(world.project, *photos)
    for photo in photos:
        ((tag,),) = await world.sql("SELECT id FROM photo_tags WHERE photo_id = :photo", photo=photo)
        await world.event.operator.call("PATCH", f"/photo-tags/{tag}", {"review_status": "confirmed"})
        await world.sql("UPDATE outbox_jobs SET state = 'done' WHERE name = 'learn_faces' RETURNING id")
        await world.learning.learn_faces(world.membership)
    learned = await world.sql("SELECT 1 FROM face_templates WHERE user_id = :u", u=world.engine.guest)
    assert len(learned) == 3
    queued = await world.sql(
        "SELECT run_at > now() FROM outbox_jobs WHERE name = 'backfill_matches' AND state = 'queued'"
        " AND payload ->> 'user_id' = :u",
        u=world.guest.account["id"],
    )
    assert queued == [(True,)]
