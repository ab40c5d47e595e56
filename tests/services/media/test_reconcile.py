"""What Rekognition (its stand-in) keeps, and what the database says it keeps, are made the same."""

import io
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from acme_config.jobs import JobName
from acme_config.settings import UploadSettings
from acme_jobs.catalogue import ErasureJob, MembershipJob, ProjectJob
from acme_media.faces.engine import TransientFaceError
from acme_media.faces.rekognition import RekognitionEngine, collection_id
from acme_media.jobs.backfill import BackfillJobs
from acme_media.jobs.collections import CollectionJobs
from acme_media.jobs.context import JobContext
from acme_media.jobs.erasure import ErasureJobs
from acme_media.jobs.reconcile import ReconcileJobs
from acme_standalone.demo.scenes import Person, portrait_of
from tests.services.harness import Api, Event, Platform
from tests.services.media.faces.standin import client_of, engine_of, fail

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient


@pytest.fixture
def context(platform: Platform) -> JobContext:
    return JobContext(platform.data.sessions, platform.storage, UploadSettings())


@pytest.fixture
def engine(rekognition_url: str) -> RekognitionEngine:
    return engine_of(rekognition_url)


@pytest.fixture
def client(rekognition_url: str) -> "RekognitionClient":
    return client_of(rekognition_url)


@pytest.fixture
def backfill(context: JobContext, engine: RekognitionEngine) -> BackfillJobs:
    return BackfillJobs(context, engine, None)  # type: ignore[arg-type] # there are no photos to match


@cache
def crop() -> bytes:
    buffer = io.BytesIO()
    portrait_of(Person.EILEEN).save(buffer, "JPEG")
    return buffer.getvalue()


async def approved_guest(event: Event) -> Api:
    """A member with an approved selfie, as the database has it."""
    guest = await event.new_member()
    document = await guest.get("/consents/documents/biometric_processing")
    given = {"consent_type": "biometric_processing", "consent_version": document["version"]}
    await guest.post("/consents", given)
    selfie_id = uuid4()
    key = f"users/{guest.account['id']}/selfies/{selfie_id}/face"
    await event.platform.storage.write(key, crop(), "application/octet-stream")
    await event.platform.sql(
        """
        INSERT INTO selfies (id, user_id, storage_key, status, content_type, size_bytes, upload_state,
                             upload_expires_at, crop_key)
        VALUES (:id, :user, :key, 'approved', 'image/jpeg', 1, 'verified', now(), :key)
        """,
        id=selfie_id,
        user=guest.account["id"],
        key=key,
    )
    return guest


def membership(event: Event, guest: Api) -> MembershipJob:
    return MembershipJob(project_id=UUID(event.project_id), user_id=UUID(guest.account["id"]))


async def known_of(event: Event) -> set[str]:
    statement = "SELECT face_id FROM provider_faces WHERE project_id = :p"
    return {row[0] for row in await event.platform.sql(statement, p=event.project_id)}


async def kept_of(engine: RekognitionEngine, event: Event) -> set[str]:
    return set(await engine.enrolled(UUID(event.project_id)))


async def waiting_backfills(event: Event) -> list[MembershipJob]:
    rows = await event.platform.sql(
        "UPDATE outbox_jobs SET state = 'done' WHERE name = 'backfill_matches' AND state = 'queued' "
        "AND payload->>'project_id' = :p RETURNING payload",
        p=event.project_id,
    )
    return [MembershipJob.model_validate(row[0]) for row in rows]


async def settle_elsewhere(platform: Platform) -> None:
    """Jobs of the tests' own doing are not left to others."""
    await platform.sql(
        "UPDATE outbox_jobs SET state = 'done' WHERE state = 'queued' "
        "AND name IN ('purge_biometrics', 'settle_collection', 'backfill_matches')"
    )


async def test_differences_in_both_directions_are_mended(
    platform: Platform,
    context: JobContext,
    engine: RekognitionEngine,
    client: "RekognitionClient",
    backfill: BackfillJobs,
) -> None:
    event = await platform.new_event()
    stays, lost = await approved_guest(event), await approved_guest(event)
    await backfill.backfill_matches(membership(event, stays))
    (right,) = await known_of(event)
    await backfill.backfill_matches(membership(event, lost))
    (gone,) = await known_of(event) - {right}
    collection = collection_id(UUID(event.project_id))
    client.delete_faces(CollectionId=collection, FaceIds=[gone])
    stray = client.index_faces(CollectionId=collection, Image={"Bytes": crop()}, ExternalImageId="u:nobody")
    assert len(stray["FaceRecords"]) == 1
    await ReconcileJobs(context, engine, second_look_s=0).reconcile_faces()
    assert await kept_of(engine, event) == await known_of(event) == {right}
    assert await waiting_backfills(event) == [membership(event, lost)]
    await backfill.backfill_matches(membership(event, lost))
    assert await kept_of(engine, event) == await known_of(event)
    assert len(await known_of(event)) == 2


async def test_more_faces_than_a_page_of_the_provider_are_all_listed(
    platform: Platform, engine: RekognitionEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acme_media.faces.rekognition.engine.PAGE", 2)
    project = uuid4()
    made = {await engine.enrol(project, uuid4(), uuid4(), crop()) for _ in range(5)}
    assert set(await engine.enrolled(project)) == made


async def test_without_a_provider_nothing_is_touched(platform: Platform, context: JobContext) -> None:
    event = await platform.new_event()
    guest = await approved_guest(event)
    await platform.sql(
        "INSERT INTO provider_faces (selfie_id, project_id, collection, face_id) "
        "SELECT id, :p, 'c', :f FROM selfies WHERE user_id = :u",
        p=event.project_id,
        f=(face_id := str(uuid4())),
        u=guest.account["id"],
    )
    await ReconcileJobs(context, None).reconcile_faces()
    assert await known_of(event) == {face_id}


async def test_what_a_failed_run_left_on_our_side_is_found_and_erased(
    platform: Platform, context: JobContext
) -> None:
    """A template without a consent, an erasure that no job goes on with, and pictures without a row."""
    event = await platform.new_event()
    forgotten, stalled = await approved_guest(event), await approved_guest(event)
    ids = [forgotten.account["id"], stalled.account["id"]]
    await platform.sql("UPDATE user_consents SET revoked_at = now() WHERE user_id = ANY(:ids)", ids=ids)
    await platform.sql("INSERT INTO erasure_receipts (user_id) VALUES (:id)", id=ids[1])
    stray = f"users/{uuid4()}/selfies/{uuid4()}/face"
    await platform.storage.write(stray, crop(), "application/octet-stream")
    await ReconcileJobs(context, None, settled=timedelta(0)).reconcile_faces()
    await platform.jobs.run()
    for user_id in ids:
        assert await platform.sql("SELECT 1 FROM selfies WHERE user_id = :id", id=user_id) == []
        assert await platform.storage.delete_prefix(f"users/{user_id}/") == 0
        receipts = "SELECT state FROM erasure_receipts WHERE user_id = :id"
        assert await platform.sql(receipts, id=user_id) == [("completed",)]
    assert await platform.storage.delete_prefix(stray) == 0


async def test_what_is_rightly_kept_is_left_alone(platform: Platform, context: JobContext) -> None:
    guest = await approved_guest(await platform.new_event())
    await ReconcileJobs(context, None, settled=timedelta(0)).reconcile_faces()
    user_id = guest.account["id"]
    assert len(await platform.storage.list_objects(f"users/{user_id}/")) == 1
    assert await platform.sql("SELECT 1 FROM erasure_receipts WHERE user_id = :id", id=user_id) == []


@dataclass
class Withdrawing:
    """An engine whose guest withdraws while it works."""

    engine: RekognitionEngine
    guest: Api

    @property
    def version(self) -> str:
        return self.engine.version

    async def enrol(self, project_id: UUID, user_id: UUID, selfie_id: UUID, face: bytes) -> str | None:
        face_id = await self.engine.enrol(project_id, user_id, selfie_id, face)
        await self.guest.delete("/consents/biometric_processing")
        return face_id

    async def forget(self, project_id: UUID, face_ids: list[str]) -> None:
        await self.engine.forget(project_id, face_ids)


async def test_what_is_withdrawn_while_the_provider_works_is_taken_back(
    platform: Platform, context: JobContext, engine: RekognitionEngine
) -> None:
    event = await platform.new_event()
    guest = await approved_guest(event)
    jobs = BackfillJobs(context, Withdrawing(engine, guest), None)  # type: ignore[arg-type] # all that it asks
    await jobs.backfill_matches(membership(event, guest))
    assert await kept_of(engine, event) == await known_of(event) == set()
    await settle_elsewhere(platform)


async def test_a_deleted_project_leaves_no_collection_and_a_restored_one_gets_it_back(
    platform: Platform, context: JobContext, engine: RekognitionEngine, backfill: BackfillJobs
) -> None:
    event = await platform.new_event()
    guest = await approved_guest(event)
    await backfill.backfill_matches(membership(event, guest))
    settle = CollectionJobs(context, engine).settle_collection
    await event.operator.delete(f"/projects/{event.project_id}")
    assert await platform.jobs.waiting(JobName.SETTLE_COLLECTION) == [{"project_id": event.project_id}]
    for _ in range(2):
        await settle(ProjectJob(project_id=UUID(event.project_id)))
        assert await kept_of(engine, event) == await known_of(event) == set()
    await event.operator.post(f"/projects/{event.project_id}/restore")
    await settle(ProjectJob(project_id=UUID(event.project_id)))
    assert await waiting_backfills(event) == [membership(event, guest)]
    await backfill.backfill_matches(membership(event, guest))
    assert len(await kept_of(engine, event)) == 1
    await settle_elsewhere(platform)


async def test_the_night_drops_what_is_left_of_deleted_projects(
    platform: Platform, context: JobContext, engine: RekognitionEngine, backfill: BackfillJobs
) -> None:
    event = await platform.new_event()
    guest = await approved_guest(event)
    await backfill.backfill_matches(membership(event, guest))
    await platform.sql("UPDATE projects SET deleted_at = now() WHERE id = :p", p=event.project_id)
    await ReconcileJobs(context, engine, second_look_s=0).reconcile_faces()
    assert await kept_of(engine, event) == await known_of(event) == set()


async def test_erasure_ends_when_the_provider_has_confirmed(
    platform: Platform,
    context: JobContext,
    engine: RekognitionEngine,
    backfill: BackfillJobs,
    rekognition_url: str,
) -> None:
    event = await platform.new_event()
    guest = await approved_guest(event)
    await backfill.backfill_matches(membership(event, guest))
    await guest.delete("/consents/biometric_processing")
    (payload,) = await platform.jobs.waiting(JobName.PURGE_BIOMETRICS)
    jobs = ErasureJobs(context, engine)
    fail(rekognition_url, "DeleteFaces", "InternalServerError", 3)
    with pytest.raises(TransientFaceError):
        await jobs.purge_biometrics(ErasureJob.model_validate(payload))
    assert len(await known_of(event)) == 1, "what is not erased yet is not forgotten"
    await jobs.purge_biometrics(ErasureJob.model_validate(payload))
    assert await kept_of(engine, event) == await known_of(event) == set()
    ((state, erased),) = await platform.sql(
        "SELECT state, erased FROM erasure_receipts WHERE id = :id", id=payload["receipt_id"]
    )
    assert (state, erased["provider_faces"]) == ("completed", 1)
    await settle_elsewhere(platform)
