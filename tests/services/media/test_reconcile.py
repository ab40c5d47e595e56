"""What a provider keeps, and what the database says it keeps, are made the same."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from acme_config.settings import UploadSettings
from acme_jobs.catalogue import MembershipJob
from acme_media.faces.local_engine import LocalEngine
from acme_media.jobs.backfill import BackfillJobs
from acme_media.jobs.context import JobContext
from acme_media.jobs.reconcile import ReconcileJobs
from acme_media.jobs.template_store import DatabaseTemplates
from tests.services.harness import Api, Event, Platform


@dataclass
class Provider:
    """Only what is asked of a provider's collections."""

    kept: dict[UUID, set[str]] = field(default_factory=dict)
    on_enrol: list[Api] = field(default_factory=list)
    """Guests who withdraw while they are being enrolled."""

    async def enrolled(self, project_id: UUID) -> Sequence[str]:
        return sorted(self.kept.get(project_id, ()))

    async def forget(self, project_id: UUID, face_ids: Sequence[str]) -> None:
        self.kept.setdefault(project_id, set()).difference_update(face_ids)

    async def enrol(self, project_id: UUID, *_: object) -> str:
        face_id = str(uuid4())
        self.kept.setdefault(project_id, set()).add(face_id)
        for guest in self.on_enrol:
            await guest.delete("/consents/biometric_processing")
        return face_id


@pytest.fixture
def context(platform: Platform) -> JobContext:
    return JobContext(platform.data.sessions, platform.storage, UploadSettings())


async def enrolled_guest(event: Event, face_id: str) -> Api:
    """An approved selfie with a face at the provider, as the database has it."""
    guest = await event.new_member()
    document = await guest.get("/consents/documents/biometric_processing")
    given = {"consent_type": "biometric_processing", "consent_version": document["version"]}
    await guest.post("/consents", given)
    selfie_id = uuid4()
    key = f"users/{guest.account['id']}/selfies/{selfie_id}/face"
    await event.platform.storage.write(key, b"a face", "application/octet-stream")
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
    if face_id:
        await event.platform.sql(
            "INSERT INTO provider_faces (selfie_id, project_id, collection, face_id) "
            "VALUES (:s, :p, 'c', :f)",
            s=selfie_id,
            p=event.project_id,
            f=face_id,
        )
    return guest


async def faces_of(event: Event) -> set[str]:
    statement = "SELECT face_id FROM provider_faces WHERE project_id = :p"
    return {row[0] for row in await event.platform.sql(statement, p=event.project_id)}


async def test_a_face_that_nobody_knows_of_is_erased_at_the_provider(
    platform: Platform, context: JobContext
) -> None:
    event = await platform.new_event()
    await enrolled_guest(event, "known")
    project = UUID(event.project_id)
    provider = Provider({project: {"known", "stray"}})
    await ReconcileJobs(context, provider, second_look_s=0).reconcile_faces()  # type: ignore[arg-type] # all that it asks
    assert provider.kept[project] == {"known"}


async def test_a_face_that_the_provider_has_lost_is_enrolled_again(
    platform: Platform, context: JobContext
) -> None:
    event = await platform.new_event()
    guest = await enrolled_guest(event, "lost")
    await ReconcileJobs(context, Provider(), second_look_s=0).reconcile_faces()  # type: ignore[arg-type] # as above
    assert await faces_of(event) == set()
    statement = "SELECT payload FROM outbox_jobs WHERE name = 'backfill_matches' AND state = 'queued'"
    payloads = [row[0] for row in await platform.sql(statement)]
    assert {"project_id": event.project_id, "user_id": guest.account["id"]} in payloads
    await platform.sql("DELETE FROM outbox_jobs WHERE name = 'backfill_matches' AND state = 'queued'")


async def test_an_engine_without_a_provider_is_left_alone(platform: Platform, context: JobContext) -> None:
    event = await platform.new_event()
    await enrolled_guest(event, "of another engine")
    engine = LocalEngine(DatabaseTemplates(platform.data.sessions))
    await ReconcileJobs(context, engine).reconcile_faces()
    assert await faces_of(event) == {"of another engine"}


@pytest.mark.parametrize("withdraws", [False, True])
async def test_what_is_withdrawn_while_the_provider_works_is_taken_back(
    platform: Platform,
    context: JobContext,
    withdraws: bool,  # noqa: FBT001 - parametrized
) -> None:
    event = await platform.new_event()
    guest = await enrolled_guest(event, "")
    project = UUID(event.project_id)
    provider = Provider(on_enrol=[guest] if withdraws else [])
    jobs = BackfillJobs(context, provider, None)  # type: ignore[arg-type] # there are no photos to match
    await jobs.backfill_matches(MembershipJob(project_id=project, user_id=UUID(guest.account["id"])))
    assert len(provider.kept[project]) == (0 if withdraws else 1)
    assert await faces_of(event) == provider.kept[project]
    await platform.sql("UPDATE outbox_jobs SET state = 'done' WHERE name = 'purge_biometrics'")
