from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, one_of, text_enum


class TokenPurpose(StrEnum):
    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a purpose
    ACCEPT_INVITE = "accept_invite"


class OneTimeToken(Base):
    """Mailed to its owner, stored hashed, used once."""

    __tablename__ = "one_time_tokens"
    __table_args__ = (
        one_of("purpose", TokenPurpose),
        Index("ix_one_time_tokens_account", "role", "account_id"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[TokenPurpose] = mapped_column(text_enum(TokenPurpose, 20))
    role: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[UUID]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
