from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pgvector.sqlalchemy import Vector
from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import REAL
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, StorageKey, UuidPk, one_of, text_enum
from acme_db.models.photo import UploadState


class SelfieStatus(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class Selfie(Base):
    __tablename__ = "selfies"
    __table_args__ = (
        one_of("status", SelfieStatus),
        one_of("upload_state", UploadState),
        Index(
            "ix_selfies_counted",
            "user_id",
            postgresql_include=["status", "created_at"],
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("ix_selfies_issued", "upload_expires_at", postgresql_where=text("upload_state = 'issued'")),
    )

    id: Mapped[UuidPk]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    storage_key: Mapped[StorageKey]
    embedding: Mapped[list[float] | None] = mapped_column(Vector(128))
    """Of the local engine; Rekognition never hands vectors out."""
    quality_score: Mapped[float | None] = mapped_column(REAL)
    status: Mapped[SelfieStatus] = mapped_column(
        text_enum(SelfieStatus, 20), server_default=text(f"'{SelfieStatus.PENDING}'")
    )
    rejection_reason: Mapped[str | None]
    """A code of the selfie gate; its text is looked up per language."""
    created_at: Mapped[CreatedAt]
    # additions
    content_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    upload_state: Mapped[UploadState] = mapped_column(
        text_enum(UploadState, 20), server_default=text(f"'{UploadState.ISSUED}'")
    )
    upload_expires_at: Mapped[datetime]
    engine: Mapped[str | None] = mapped_column(String(40))
    """Engine and model version that made the template."""
    processed_at: Mapped[datetime | None]
    crop_key: Mapped[str | None] = mapped_column(String(512))
    """The aligned face, for enrolling it into a provider's collection of a project joined later."""
    deleted_at: Mapped[datetime | None]
    """Invisible at once; a job erases it and what was made from it."""
