from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, one_of, text_enum


class ArchiveState(StrEnum):
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"


class PurchaseArchive(Base):
    """The ZIP of what a purchase has unlocked, as it was when it was asked for."""

    __tablename__ = "purchase_archives"
    __table_args__ = (one_of("state", ArchiveState),)

    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.id"), primary_key=True)
    state: Mapped[ArchiveState] = mapped_column(
        text_enum(ArchiveState, 20), server_default=text(f"'{ArchiveState.BUILDING}'")
    )
    storage_key: Mapped[str | None] = mapped_column(String(512))
    photo_count: Mapped[int] = mapped_column(server_default=text("0"))
    """What it is to hold."""
    done_count: Mapped[int] = mapped_column(server_default=text("0"))
    """What has been packed so far."""
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    requested_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
