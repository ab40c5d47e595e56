from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, func, text
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, Name, UuidPk, Versioned, one_of, text_enum


class Deliverable(StrEnum):
    WATERMARKED = "watermarked"
    ORIGINAL = "original"


class Package(Versioned, Base):
    """What an operator sells."""

    __tablename__ = "packages"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price_is_not_negative"),
        CheckConstraint("photo_count >= 0", name="photo_count_is_not_negative"),
        one_of("deliverable", Deliverable),
    )

    id: Mapped[UuidPk]
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("operators.id"), index=True)
    name: Mapped[Name]
    price: Mapped[int]
    """In the minor unit of the operator's currency."""
    photo_count: Mapped[int]
    """How many photos it unlocks; 0 = all of the buyer's."""
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
    # additions
    deliverable: Mapped[Deliverable] = mapped_column(
        text_enum(Deliverable, 20), server_default=text(f"'{Deliverable.WATERMARKED}'")
    )
    deleted_at: Mapped[datetime | None]
