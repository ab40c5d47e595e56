from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, func
from sqlalchemy.dialects.postgresql import REAL
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, UuidPk


class ShadowResult(Base):
    """What two engines make of one guest in one photo. It shows nobody anything."""

    __tablename__ = "shadow_results"
    __table_args__ = (Index("uq_shadow_results_photo_id_user_id", "photo_id", "user_id", unique=True),)

    id: Mapped[UuidPk]
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    primary_engine: Mapped[str] = mapped_column(String(40))
    """Whose tags are shown."""
    shadow_engine: Mapped[str] = mapped_column(String(40))
    primary_score: Mapped[float | None] = mapped_column(REAL)
    """Each on its engine's own scale; null where the engine found nothing."""
    shadow_score: Mapped[float | None] = mapped_column(REAL)
    primary_band: Mapped[str | None] = mapped_column(String(20))
    """confirmed or pending; null where the bounds make nothing of the score."""
    shadow_band: Mapped[str | None] = mapped_column(String(20))
    compared_at: Mapped[datetime] = mapped_column(server_default=func.now())
