from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base


class PurchasePhoto(Base):
    """A photo that a purchase unlocked."""

    __tablename__ = "purchase_photos"

    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.id"), primary_key=True)
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), primary_key=True, index=True)
    unlocked_at: Mapped[datetime] = mapped_column(server_default=func.now())
