from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from acme_backoffice.photos.errors import PhotoNotFound
from acme_backoffice.review.errors import NotAMember, PhotoTagNotFound
from acme_backoffice.review.schemas import Decision
from acme_core.pages import PageRequest
from acme_db.keyset import newest_first
from acme_db.models import Photo, PhotoFace, PhotoTag, Project, ProjectMember, User
from acme_db.models.photo import PhotoStatus
from acme_db.models.photo_tag import ReviewStatus, TagSource
from acme_db.selfies import newest_selfie_key
from acme_db.tags import confirmed_since

MANUAL_CONFIDENCE = 100.0
_SHOWN = (
    load_only(Photo.project_id, Photo.status, Photo.thumbnail_key, Photo.preview_key, raiseload=True),
    load_only(User.name, raiseload=True),
)
"""Of what a tag joins: the rest of it is much more."""


@dataclass(frozen=True)
class TagFilter:
    """What is None does not narrow; both ends of the confidence are included."""

    review_status: ReviewStatus | None = None
    min_confidence: float | None = None
    max_confidence: float | None = None
    photo_id: UUID | None = None


@dataclass(frozen=True)
class DecidedTag:
    project_id: UUID
    photo_id: UUID
    user_id: UUID
    photo_status: PhotoStatus


@dataclass(frozen=True)
class TagRow:
    tag: PhotoTag
    photo: Photo
    user: User
    face: PhotoFace | None
    selfie_key: str | None


def _tags(operator_id: UUID) -> Select[PhotoTag, Photo, User, PhotoFace, str]:
    return (
        select(PhotoTag, Photo, User, PhotoFace, newest_selfie_key(PhotoTag.user_id))
        .join(Photo, Photo.id == PhotoTag.photo_id)
        .join(Project, Project.id == Photo.project_id)
        .join(User, User.id == PhotoTag.user_id)
        .outerjoin(PhotoFace, PhotoFace.id == PhotoTag.face_id)
        .where(Project.operator_id == operator_id, Project.deleted_at.is_(None), Photo.deleted_at.is_(None))
        .options(*_SHOWN)
    )


def _tag_row(row: Row[PhotoTag, Photo, User, PhotoFace, str]) -> TagRow:
    tag, photo, user, face, selfie_key = row
    return TagRow(tag, photo, user, face, selfie_key)


async def list_tags(
    session: AsyncSession,
    operator_id: UUID,
    project_id: UUID,
    wanted: TagFilter,
    page: PageRequest,
) -> Sequence[TagRow]:
    statement = _tags(operator_id).where(PhotoTag.project_id == project_id)
    if wanted.review_status is not None:
        statement = statement.where(PhotoTag.review_status == wanted.review_status)
    if wanted.min_confidence is not None:
        statement = statement.where(PhotoTag.confidence >= wanted.min_confidence)
    if wanted.max_confidence is not None:
        statement = statement.where(PhotoTag.confidence <= wanted.max_confidence)
    if wanted.photo_id is not None:
        statement = statement.where(PhotoTag.photo_id == wanted.photo_id)
    statement = newest_first(statement, PhotoTag.created_at, PhotoTag.id, page)
    return [_tag_row(row) for row in (await session.execute(statement)).all()]


async def list_faces(
    session: AsyncSession, operator_id: UUID, photo_id: UUID
) -> Sequence[tuple[PhotoFace, TagRow | None]]:
    """Largest first, each with what was made of it. Raises `PhotoNotFound`."""
    await _project_of(session, operator_id, photo_id)
    tags = (await session.execute(_tags(operator_id).where(PhotoTag.photo_id == photo_id))).all()
    by_face: dict[UUID | None, TagRow] = {}
    for row in sorted(map(_tag_row, tags), key=lambda row: row.tag.review_status is ReviewStatus.REJECTED):
        by_face.setdefault(row.tag.face_id, row)
    faces = select(PhotoFace).where(PhotoFace.photo_id == photo_id)
    found = await session.scalars(faces.order_by(PhotoFace.size_px.desc(), PhotoFace.id))
    return [(face, by_face.get(face.id)) for face in found]


async def get_tag(session: AsyncSession, operator_id: UUID, tag_id: UUID) -> TagRow:
    """Raises `PhotoTagNotFound`."""
    row = (await session.execute(_tags(operator_id).where(PhotoTag.id == tag_id))).one_or_none()
    if row is None:
        raise PhotoTagNotFound
    return _tag_row(row)


async def decide(
    session: AsyncSession, operator_id: UUID, tag_ids: Sequence[UUID], decision: Decision
) -> Sequence[DecidedTag]:
    """The tags of the operator's that the decision reached."""
    owned = (
        select(PhotoTag.id)
        .join(Photo, Photo.id == PhotoTag.photo_id)
        .join(Project, Project.id == Photo.project_id)
        .where(PhotoTag.id.in_(tag_ids), Project.operator_id == operator_id, Project.deleted_at.is_(None))
        .order_by(PhotoTag.id)  # as a matching of several photos locks them
        .with_for_update(of=PhotoTag)
    )
    statement = (
        update(PhotoTag)
        .where(PhotoTag.id.in_(owned))
        .values(
            review_status=decision,
            reviewed_at=func.now(),
            reviewed_by=operator_id,
            confirmed_at=confirmed_since(decision),
        )
        .returning(
            select(Photo.project_id).where(Photo.id == PhotoTag.photo_id).scalar_subquery(),
            PhotoTag.photo_id,
            PhotoTag.user_id,
            select(Photo.status).where(Photo.id == PhotoTag.photo_id).scalar_subquery(),
        )
        .execution_options(synchronize_session=False)
    )
    return [DecidedTag(*row) for row in (await session.execute(statement)).all()]


async def _project_of(session: AsyncSession, operator_id: UUID, photo_id: UUID) -> UUID:
    """Of a photo of the operator's. Raises `PhotoNotFound`."""
    project_id: UUID | None = await session.scalar(
        select(Photo.project_id)
        .join(Project, Project.id == Photo.project_id)
        .where(
            Photo.id == photo_id,
            Photo.deleted_at.is_(None),
            Project.operator_id == operator_id,
            Project.deleted_at.is_(None),
        )
    )
    if project_id is None:
        raise PhotoNotFound
    return project_id


async def tag_by_hand(session: AsyncSession, operator_id: UUID, photo_id: UUID, user_id: UUID) -> UUID:
    """Raises `PhotoNotFound` or `NotAMember`. An automatic tag of the same guest becomes a decision."""
    project_id = await _project_of(session, operator_id, photo_id)
    member = await session.scalar(
        select(ProjectMember.id).where(
            ProjectMember.project_id == project_id, ProjectMember.user_id == user_id
        )
    )
    if member is None:
        raise NotAMember
    decision = {
        "review_status": ReviewStatus.CONFIRMED,
        "reviewed_at": func.now(),
        "reviewed_by": operator_id,
        "confirmed_at": func.now(),
    }
    statement = (
        insert(PhotoTag)
        .values(
            photo_id=photo_id,
            user_id=user_id,
            confidence=MANUAL_CONFIDENCE,
            source=TagSource.MANUAL,
            **decision,
        )
        .on_conflict_do_update(
            index_elements=["photo_id", "user_id"],
            set_={**decision, "confirmed_at": confirmed_since(ReviewStatus.CONFIRMED)},
        )
        .returning(PhotoTag.id)
    )
    return (await session.scalars(statement)).one()
