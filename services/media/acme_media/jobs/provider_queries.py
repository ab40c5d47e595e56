from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.consents import consents_now
from acme_db.models import Project, ProjectMember, ProviderFace, Selfie
from acme_db.models.selfie import SelfieStatus
from acme_db.models.user_consent import ConsentType


def _enrollable(project_id: UUID) -> Select[Selfie]:
    """Of members who may be found: joined, approved, consenting."""
    return (
        select(Selfie)
        .join(ProjectMember, ProjectMember.user_id == Selfie.user_id)
        .where(
            ProjectMember.project_id == project_id,
            Selfie.status == SelfieStatus.APPROVED,
            Selfie.deleted_at.is_(None),
            consents_now(Selfie.user_id, ConsentType.BIOMETRIC_PROCESSING),
        )
    )


async def not_enrolled(session: AsyncSession, project_id: UUID) -> Sequence[Selfie]:
    """Selfies that the provider should know of, and does not."""
    is_enrolled = exists().where(ProviderFace.selfie_id == Selfie.id, ProviderFace.project_id == project_id)
    return (await session.scalars(_enrollable(project_id).where(~is_enrolled))).all()


async def without_vector(session: AsyncSession, project_id: UUID) -> Sequence[Selfie]:
    return (await session.scalars(_enrollable(project_id).where(Selfie.embedding.is_(None)))).all()


async def is_deleted(session: AsyncSession, project_id: UUID, *, lock: bool = False) -> bool:
    statement = select(Project.deleted_at).where(Project.id == project_id)
    return await session.scalar(statement.with_for_update() if lock else statement) is not None


async def deleted_among(session: AsyncSession, projects: Sequence[UUID]) -> set[UUID]:
    statement = select(Project.id).where(Project.id.in_(projects), Project.deleted_at.is_not(None))
    return set((await session.scalars(statement)).all())


async def drop_all_faces(session: AsyncSession, project_id: UUID) -> None:
    await session.execute(delete(ProviderFace).where(ProviderFace.project_id == project_id))


async def keep_face(
    session: AsyncSession, selfie_id: UUID, project_id: UUID, collection: str, face_id: str
) -> bool:
    """False when another enrolment of the selfie was written down first."""
    await session.execute(
        insert(ProviderFace)
        .values(selfie_id=selfie_id, project_id=project_id, collection=collection, face_id=face_id)
        .on_conflict_do_nothing(index_elements=["selfie_id", "project_id"])
    )
    statement = select(ProviderFace.face_id).where(
        ProviderFace.selfie_id == selfie_id, ProviderFace.project_id == project_id
    )
    return await session.scalar(statement) == face_id
