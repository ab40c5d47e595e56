from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, UuidPk


class SecondFactor(Base):
    """The TOTP key of an account; asked for at sign-in once it is confirmed."""

    __tablename__ = "second_factors"

    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    encrypted_key: Mapped[str]
    """Readable with the platform's secret only."""
    last_counter: Mapped[int] = mapped_column(BigInteger, server_default=text("-1"))
    """Of the newest code that was used: none is taken twice."""
    created_at: Mapped[CreatedAt]
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """For who has lost the second factor: stored hashed, used once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (Index("uq_recovery_codes_hash", "role", "account_id", "code_hash", unique=True),)

    id: Mapped[UuidPk]
    role: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[UUID]
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[CreatedAt]
    used_at: Mapped[datetime | None]
