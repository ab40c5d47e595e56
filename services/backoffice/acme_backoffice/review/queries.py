from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.guards import GuardedListing
from acme_auth.principals import Principal
from acme_backoffice.photos.errors import PhotoNotFound
from acme_backoffice.projects.queries import IS_OWNED
from acme_backoffice.review.errors import NotAMember, PhotoTagNotFound
from acme_backoffice.review.schemas import Decision, PhotoTagOut
from acme_core.pages import PageRequest
from acme_db.face_boxes import BOX_COLUMNS
from acme_db.listing import Listed, Listing, columns_among
from acme_db.models import Photo, PhotoFace, PhotoTag, Project, ProjectMember, User
from acme_db.models.photo import PhotoStatus
from acme_db.models.photo_tag import ReviewStatus, TagSource
from acme_db.prepared import Prepared, Reader, Record
from acme_db.selfies import newest_selfie_key
from acme_db.tags import confirmed_since

MANUAL_CONFIDENCE = 100.0
_TAGS = (
    select(
        *columns_among(PhotoTag, PhotoTagOut.model_fields),
        PhotoTag.face_id,
        Photo.project_id,
        Photo.status.label("photo_status"),
        Photo.thumbnail_key,
        Photo.preview_key,
        User.name.label("name"),
        *columns_among(PhotoFace, BOX_COLUMNS),
        PhotoFace.crop_key,
        newest_selfie_key(PhotoTag.user_id).label("selfie_key"),
    )
    .join(Photo, Photo.id == PhotoTag.photo_id)
    .join(User, User.id == PhotoTag.user_id)
    .outerjoin(PhotoFace, PhotoFace.id == PhotoTag.face_id)
    .where(Photo.deleted_at.is_(None))
)
_OWN_TAGS = _TAGS.join(Project, Project.id == Photo.project_id).where(
    Project.operator_id == bindparam("operator_id"), Project.deleted_at.is_(None)
)
_TAGS_OF_PROJECT = GuardedListing(
    IS_OWNED,
    Listing(
        _TAGS.where(PhotoTag.project_id == bindparam("project_id")),
        PhotoTag.created_at,
        PhotoTag.id,
        review_status=PhotoTag.review_status == bindparam("review_status"),
        min_confidence=PhotoTag.confidence >= bindparam("min_confidence"),
        max_confidence=PhotoTag.confidence <= bindparam("max_confidence"),
        photo_id=PhotoTag.photo_id == bindparam("photo_id"),
    ),
)


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


async def list_tags(
    reader: Reader, caller: Principal, project_id: UUID, wanted: TagFilter, page: PageRequest
) -> Listed:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    return await _TAGS_OF_PROJECT.page(reader, caller, page, project_id=project_id, **vars(wanted))


async def list_faces(
    session: AsyncSession, operator_id: UUID, photo_id: UUID
) -> Sequence[tuple[PhotoFace, Record | None]]:
    """Largest first, each with what was made of it. Raises `PhotoNotFound`."""
    await _project_of(session, operator_id, photo_id)
    tags = await _tags_of_photo().fetch_by(session, operator_id=operator_id, photo_id=photo_id)
    by_face: dict[UUID | None, Record] = {}
    for row in sorted(tags, key=lambda row: bool(row["review_status"] == ReviewStatus.REJECTED)):
        by_face.setdefault(row["face_id"], row)
    faces = select(PhotoFace).where(PhotoFace.photo_id == photo_id)
    found = await session.scalars(faces.order_by(PhotoFace.size_px.desc(), PhotoFace.id))
    return [(face, by_face.get(face.id)) for face in found]


@cache
def _tags_of_photo() -> Prepared:
    return Prepared(_OWN_TAGS.where(PhotoTag.photo_id == bindparam("photo_id")))


async def get_tag(session: AsyncSession, operator_id: UUID, tag_id: UUID) -> Record:
    """Raises `PhotoTagNotFound`."""
    rows = await _tag().fetch_by(session, operator_id=operator_id, tag_id=tag_id)
    if not rows:
        raise PhotoTagNotFound
    return rows[0]


@cache
def _tag() -> Prepared:
    return Prepared(_OWN_TAGS.where(PhotoTag.id == bindparam("tag_id")))


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
