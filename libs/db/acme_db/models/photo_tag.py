from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Index, String, func, text
from sqlalchemy.dialects.postgresql import REAL
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, UuidPk, one_of, text_enum


class TagSource(StrEnum):
    AUTO = "auto"
    MANUAL = "manual"


class ReviewStatus(StrEnum):
    CONFIRMED = "confirmed"
    PENDING = "pending"
    REJECTED = "rejected"


class PhotoTag(Base):
    """This guest is in this photo. Only confirmed tags are visible to guests."""

    __tablename__ = "photo_tags"
    __table_args__ = (
        one_of("source", TagSource),
        one_of("review_status", ReviewStatus),
        Index("uq_photo_tags_photo_id_user_id", "photo_id", "user_id", unique=True),
        Index("ix_photo_tags_project_id_created_at", "project_id", "created_at", "id"),
        Index("ix_photo_tags_project_id_review_status", "project_id", "review_status", "created_at", "id"),
        Index("ix_photo_tags_user_id_review_status", "user_id", "review_status", "photo_id"),
        Index(
            "ix_photo_tags_seen", "user_id", "project_id", "review_status", "photo_uploaded_at", "photo_id"
        ),
        Index(
            "ix_photo_tags_confirmed_at", "confirmed_at", postgresql_where=text("confirmed_at IS NOT NULL")
        ),
        Index(
            "ix_photo_tags_decided",
            "project_id",
            postgresql_include=["photo_id", "user_id", "review_status"],
            postgresql_where=text("reviewed_at IS NOT NULL"),
        ),
        Index(
            "ix_photo_tags_pending", "created_at", "id", postgresql_where=text("review_status = 'pending'")
        ),
    )

    id: Mapped[UuidPk]
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    confidence: Mapped[float] = mapped_column(REAL)
    """The engine's raw score, unrounded, before any cap; 100 for a manual tag."""
    source: Mapped[TagSource] = mapped_column(text_enum(TagSource, 20))
    review_status: Mapped[ReviewStatus] = mapped_column(text_enum(ReviewStatus, 20))
    created_at: Mapped[CreatedAt]
    # additions
    project_id: Mapped[UUID] = mapped_column(server_default=FetchedValue())
    """The photo's, filled in by a trigger: a project's tags are read in their own order."""
    photo_uploaded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    """The photo's, likewise: a guest's photos are read in their order, however many the event has."""
    engine: Mapped[str | None] = mapped_column(String(40))
    distance: Mapped[float | None] = mapped_column(REAL)
    face_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("photo_faces.id", ondelete="SET NULL"), index=True
    )
    reviewed_at: Mapped[datetime | None]
    """Set by a person's decision, which no job may overwrite."""
    reviewed_by: Mapped[UUID | None]
    """The account that decided: an operator, or the guest."""
    confirmed_at: Mapped[datetime | None]
    """Since when the guest sees the photo."""
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
