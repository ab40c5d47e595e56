from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, UuidPk, one_of, text_enum


class QrTokenKind(StrEnum):
    POSTER = "poster"
    """Many uses until it expires."""
    CARD = "card"
    """One use."""


class QrToken(Base):
    __tablename__ = "qr_tokens"
    __table_args__ = (one_of("kind", QrTokenKind),)

    id: Mapped[UuidPk]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), index=True)
    token: Mapped[str] = mapped_column(String(255), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """The first use."""
    created_at: Mapped[CreatedAt]
    # additions
    kind: Mapped[QrTokenKind] = mapped_column(
        text_enum(QrTokenKind, 20), server_default=text(f"'{QrTokenKind.POSTER}'")
    )
    label: Mapped[str | None] = mapped_column(String(255))
    use_count: Mapped[int] = mapped_column(server_default=text("0"))
    revoked_at: Mapped[datetime | None]
