from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import REAL
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, UuidPk


class SelfieConflict(Base):
    """Two accounts of one event whose selfies show the same face: one of them may not be whom they show."""

    __tablename__ = "selfie_conflicts"
    __table_args__ = (
        Index(
            "uq_selfie_conflicts_project_id_user_id_other_user_id",
            "project_id",
            "user_id",
            "other_user_id",
            unique=True,
        ),
    )

    id: Mapped[UuidPk]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    """The lesser of the two ids: a pair is one row, whichever selfie came first."""
    other_user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    confidence: Mapped[float] = mapped_column(REAL)
    """On the engine's scale."""
    found_at: Mapped[CreatedAt]
    resolved_at: Mapped[datetime | None]
    """An operator has looked at it."""
    resolved_by: Mapped[UUID | None]
