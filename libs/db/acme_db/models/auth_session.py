from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, UuidPk


class AuthSession(Base):
    """A family of refresh tokens: one sign-in on one device."""

    __tablename__ = "auth_sessions"
    __table_args__ = (Index("ix_auth_sessions_account", "audience", "role", "account_id"),)

    id: Mapped[UuidPk]
    audience: Mapped[str] = mapped_column(String(20))
    role: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[UUID]
    user_agent: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[CreatedAt]
    last_used_at: Mapped[CreatedAt]
    revoked_at: Mapped[datetime | None]


class RefreshToken(Base):
    """Stored hashed; used once. A second use revokes its whole family."""

    __tablename__ = "refresh_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("auth_sessions.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
