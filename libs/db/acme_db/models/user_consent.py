from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, UuidPk, text_enum


class ConsentType(StrEnum):
    BIOMETRIC_PROCESSING = "biometric_processing"


class UserConsent(Base):
    __tablename__ = "user_consents"
    __table_args__ = (
        Index(
            "uq_user_consents_active",
            "user_id",
            "consent_type",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index(
            "ix_user_consents_superseded",
            "superseded_at",
            postgresql_where=text("revoked_at IS NULL AND superseded_at IS NOT NULL"),
        ),
    )

    id: Mapped[UuidPk]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    consent_type: Mapped[ConsentType] = mapped_column(text_enum(ConsentType, 50))
    consent_version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_at: Mapped[datetime | None]
    """null means active."""
    # additions
    document_sha256: Mapped[str] = mapped_column(String(64))
    """Of the text that was agreed to."""
    superseded_at: Mapped[datetime | None]
    """Since when another text is asked for: until it is agreed to, nothing new is made of this consent."""
