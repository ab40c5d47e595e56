from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, UuidPk, one_of, text_enum


class ErasureState(StrEnum):
    PENDING = "pending"
    COMPLETED = "completed"


class ErasureCause(StrEnum):
    ASKED = "asked"
    CONSENT_LAPSED = "consent_lapsed"
    """The text had changed, and the new one was not agreed to in time."""
    INACTIVE = "inactive"
    """The guest had not been here for as long as the retention policy says."""


class ErasureReceipt(Base):
    """What was erased of a guest's biometric data, and when."""

    __tablename__ = "erasure_receipts"
    __table_args__ = (one_of("state", ErasureState), one_of("cause", ErasureCause))

    id: Mapped[UuidPk]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    selfie_id: Mapped[UUID | None]
    """Only this selfie and what was made from it; null = everything biometric of the guest."""
    state: Mapped[ErasureState] = mapped_column(
        text_enum(ErasureState, 20), server_default=text(f"'{ErasureState.PENDING}'")
    )
    requested_at: Mapped[datetime] = mapped_column(server_default=func.now())
    completed_at: Mapped[datetime | None]
    cause: Mapped[ErasureCause] = mapped_column(
        text_enum(ErasureCause, 20), server_default=text(f"'{ErasureCause.ASKED}'")
    )
    is_account: Mapped[bool] = mapped_column(server_default=text("false"))
    """The whole account goes, with manual tags and archives."""
    recipient: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    """Name, address and locale of an account that is gone, until the receipt has been sent."""
    erased: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    """Counts by kind: selfies, templates, provider faces, tags, objects."""
    kept: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    """Likewise, of what the law or the guest's own purchases keep."""
