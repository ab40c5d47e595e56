from uuid import UUID

from sqlalchemy import ForeignKey, text
from sqlalchemy.dialects.postgresql import REAL
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base


class MatchScore(Base):
    """What the engine found, whatever the thresholds made of it: shows what others would make."""

    __tablename__ = "match_scores"

    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    confidence: Mapped[float] = mapped_column(REAL)
    is_capped: Mapped[bool] = mapped_column(server_default=text("false"))
    """The rules doubt it (small, blurred, contested): review at best, whatever the score."""
