from datetime import datetime

from sqlalchemy import Index, PrimaryKeyConstraint, String, func
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, text_enum
from acme_db.models.user_consent import ConsentType


class ConsentDocument(Base):
    """A text that guests were asked to consent to. Never changed nor deleted: it is what a consent proves."""

    __tablename__ = "consent_documents"
    __table_args__ = (
        PrimaryKeyConstraint("consent_type", "version", "language"),
        Index("ix_consent_documents_sha256", "sha256"),
    )

    consent_type: Mapped[ConsentType] = mapped_column(text_enum(ConsentType, 50))
    version: Mapped[str] = mapped_column(String(20, collation="C"))
    """Later versions have later names."""
    language: Mapped[str] = mapped_column(String(10))
    text: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(server_default=func.now())
