from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import FaceTemplate, FaceVector, Photo, PhotoFace, PhotoTag
from acme_db.models.photo_tag import ReviewStatus
from acme_media.faces.matching import SURE_SIZE_PX
from acme_media.faces.quality import BLURRED

MOST_TEMPLATES = 5
"""Of a guest in a project, beside the selfies: from the third on, more gain little."""


@dataclass(frozen=True)
class FaceToEmbed:
    id: UUID
    crop_key: str


async def faces_to_learn(session: AsyncSession, project_id: UUID, user_id: UUID) -> list[FaceToEmbed]:
    """Confirmed by a person, large and sharp enough to tell people apart, and not learned yet."""
    known = await session.scalar(
        select(func.count()).where(FaceTemplate.project_id == project_id, FaceTemplate.user_id == user_id)
    )
    statement = (
        select(PhotoFace.id, PhotoFace.crop_key)
        .join(PhotoTag, PhotoTag.face_id == PhotoFace.id)
        .join(Photo, Photo.id == PhotoFace.photo_id)
        .where(
            Photo.deleted_at.is_(None),
            PhotoFace.project_id == project_id,
            PhotoTag.user_id == user_id,
            PhotoTag.review_status == ReviewStatus.CONFIRMED,
            PhotoTag.reviewed_at.is_not(None),
            PhotoFace.size_px >= SURE_SIZE_PX,
            PhotoFace.sharpness >= BLURRED,
            ~exists().where(FaceTemplate.face_id == PhotoFace.id),
        )
        .order_by(PhotoFace.size_px.desc(), PhotoFace.id)
        .limit(max(0, MOST_TEMPLATES - int(known or 0)))
    )
    return [FaceToEmbed(row[0], row[1]) for row in (await session.execute(statement)).all()]


async def add_templates(
    session: AsyncSession, project_id: UUID, user_id: UUID, vectors: Mapping[UUID, list[float]], engine: str
) -> None:
    owner = {"project_id": project_id, "user_id": user_id, "engine": engine}
    rows = [{"face_id": face_id, "embedding": vector, **owner} for face_id, vector in vectors.items()]
    await session.execute(insert(FaceTemplate).values(rows).on_conflict_do_nothing())


async def faces_to_index(
    session: AsyncSession, project_id: UUID, engine: str, limit: int
) -> Sequence[FaceToEmbed]:
    statement = (
        select(PhotoFace.id, PhotoFace.crop_key)
        .join(Photo, Photo.id == PhotoFace.photo_id)
        .where(
            PhotoFace.project_id == project_id,
            ~exists().where(FaceVector.face_id == PhotoFace.id, FaceVector.engine == engine),
            Photo.deleted_at.is_(None),
        )
        .order_by(Photo.uploaded_at.desc(), PhotoFace.id)
        .limit(limit)
    )
    return [FaceToEmbed(row[0], row[1]) for row in (await session.execute(statement)).all()]
