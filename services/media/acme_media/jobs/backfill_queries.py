"""What a late guest is compared with, and how far that is."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.consents import consents_now
from acme_db.models import FaceTemplate, FaceVector, MatchScore, Photo, PhotoFace, ProjectMember, Selfie
from acme_db.models.project_member import BackfillState
from acme_db.models.selfie import SelfieStatus
from acme_db.models.user_consent import ConsentType
from acme_jobs.catalogue import MembershipJob
from acme_media.faces.values import Vectors
from acme_media.jobs.member_queries import has_faces, is_confirmed


@dataclass(frozen=True)
class Sought:
    """A guest's templates: their private crops, and their vectors where the engine hands these out."""

    ids: Sequence[UUID]
    crop_keys: Sequence[str]
    vectors: Vectors

    @property
    def digest(self) -> str:
        return hashlib.sha256(" ".join(sorted(map(str, self.ids))).encode()).hexdigest()


@dataclass(frozen=True)
class Progress:
    done: int = 0
    before: tuple[datetime, UUID] | None = None
    """The last photo that was compared; the next ones were uploaded before it."""


@dataclass(frozen=True)
class KeptFace:
    photo_id: UUID
    crop_key: str


async def sought(session: AsyncSession, project_id: UUID, user_id: UUID) -> Sought:
    selfies = select(Selfie.id, Selfie.crop_key, Selfie.embedding).where(
        Selfie.user_id == user_id,
        Selfie.status == SelfieStatus.APPROVED,
        Selfie.deleted_at.is_(None),
        Selfie.crop_key.is_not(None),
        consents_now(Selfie.user_id, ConsentType.BIOMETRIC_PROCESSING),
    )
    confirmed = (
        select(FaceTemplate.face_id, PhotoFace.crop_key, FaceTemplate.embedding)
        .join(PhotoFace, PhotoFace.id == FaceTemplate.face_id)
        .where(
            FaceTemplate.project_id == project_id,
            FaceTemplate.user_id == user_id,
            is_confirmed(),
            consents_now(FaceTemplate.user_id, ConsentType.BIOMETRIC_PROCESSING),
        )
    )
    rows = [*(await session.execute(selfies)).all(), *(await session.execute(confirmed)).all()]
    vectors = [row[2] for row in rows if row[2] is not None]
    keys = [row[1] for row in rows if row[1] is not None]
    return Sought([row[0] for row in rows], keys, np.array(vectors, np.float32))


async def progress_of(session: AsyncSession, project_id: UUID, user_id: UUID, digest: str) -> Progress:
    """Where a run that broke off was; a run for other templates begins anew."""
    statement = select(ProjectMember).where(
        ProjectMember.project_id == project_id, ProjectMember.user_id == user_id
    )
    member = await session.scalar(statement)
    if member is None or member.backfill_templates != digest or member.backfill_before is None:
        return Progress()
    if member.backfill_state is not BackfillState.RUNNING or member.backfill_before_id is None:
        return Progress()
    return Progress(member.backfill_done, (member.backfill_before, member.backfill_before_id))


async def count_photos(session: AsyncSession, project_id: UUID) -> int:
    return int(await session.scalar(select(func.count()).where(*has_faces(project_id))) or 0)


async def next_photos(
    session: AsyncSession, project_id: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> list[tuple[UUID, datetime]]:
    """Newest first."""
    statement = select(Photo.id, Photo.uploaded_at).where(*has_faces(project_id))
    if before is not None:
        uploaded_at, photo_id = before
        statement = statement.where(
            or_(
                Photo.uploaded_at < uploaded_at,
                and_(Photo.uploaded_at == uploaded_at, Photo.id < photo_id),
            )
        )
    statement = statement.order_by(Photo.uploaded_at.desc(), Photo.id.desc()).limit(limit)
    return [(row[0], row[1]) for row in (await session.execute(statement)).all()]


async def faces_without_vector(
    session: AsyncSession, photo_ids: Sequence[UUID], engine: str
) -> list[KeptFace]:
    has_vector = exists().where(FaceVector.face_id == PhotoFace.id, FaceVector.engine == engine)
    statement = (
        select(PhotoFace.photo_id, PhotoFace.crop_key)
        .where(PhotoFace.photo_id.in_(photo_ids), ~has_vector)
        .order_by(PhotoFace.photo_id, PhotoFace.ordinal)
    )
    return [KeptFace(row[0], row[1]) for row in (await session.execute(statement)).all()]


async def photos_scored(session: AsyncSession, project_id: UUID, user_id: UUID) -> set[UUID]:
    """Where the guest was found before: what other templates make of these is looked at, too."""
    statement = (
        select(MatchScore.photo_id)
        .join(Photo, Photo.id == MatchScore.photo_id)
        .where(Photo.project_id == project_id, MatchScore.user_id == user_id)
    )
    return set((await session.scalars(statement)).all())


async def waits_since(session: AsyncSession, project_id: UUID, user_id: UUID) -> datetime | None:
    """From the guest's newest selfie, or from joining where that came later."""
    selfies = select(func.max(Selfie.created_at)).where(
        Selfie.user_id == user_id, Selfie.status == SelfieStatus.APPROVED, Selfie.deleted_at.is_(None)
    )
    statement = select(func.greatest(ProjectMember.joined_at, selfies.scalar_subquery())).where(
        ProjectMember.project_id == project_id, ProjectMember.user_id == user_id
    )
    since: datetime | None = await session.scalar(statement)
    return since


async def set_progress(
    session: AsyncSession,
    job: MembershipJob,
    state: BackfillState,
    progress: Progress,
    total: int,
    digest: str | None = None,
) -> None:
    before, before_id = progress.before or (None, None)
    await session.execute(
        update(ProjectMember)
        .where(ProjectMember.project_id == job.project_id, ProjectMember.user_id == job.user_id)
        .values(
            backfill_state=state,
            backfill_done=progress.done,
            backfill_total=total,
            backfill_templates=digest,
            backfill_before=before,
            backfill_before_id=before_id,
        )
    )
