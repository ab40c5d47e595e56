from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, Name, UuidPk


class User(Base):
    """A guest."""

    __tablename__ = "users"

    id: Mapped[UuidPk]
    name: Mapped[Name]
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password_hash: Mapped[str]
    address: Mapped[str | None]
    billing_address: Mapped[str | None]
    created_at: Mapped[CreatedAt]
    # additions
    email_verified_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
