from datetime import datetime

from sqlalchemy import String, text
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, Name, UuidPk, Versioned


class User(Versioned, Base):
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
    locale: Mapped[str] = mapped_column(String(10), server_default=text("'en'"))
    """BCP 47: the language of mails."""
    wants_photo_mails: Mapped[bool] = mapped_column(server_default=text("true"))
    """Told when new photos are ready."""
