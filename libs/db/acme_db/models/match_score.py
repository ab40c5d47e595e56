from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import REAL
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base


class MatchScore(Base):
    """What the engine found, whatever the thresholds made of it: shows what others would make."""

    __tablename__ = "match_scores"
    __table_args__ = (
        Index(
            "ix_match_scores_project_id",
            "project_id",
            postgresql_include=["photo_id", "user_id", "confidence", "is_capped"],
        ),
    )

    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    confidence: Mapped[float] = mapped_column(REAL)
    is_capped: Mapped[bool] = mapped_column(server_default=text("false"))
    """The rules doubt it (small, blurred, contested): review at best, whatever the score."""
    project_id: Mapped[UUID] = mapped_column(server_default=FetchedValue())
    """The photo's, filled in by a trigger: a project's scores are counted without a look at its photos."""
