from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, Name, UuidPk, Versioned


class Operator(Versioned, Base):
    """Runs projects, employs photographers and sells packages."""

    __tablename__ = "operators"

    id: Mapped[UuidPk]
    name: Mapped[Name]
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password_hash: Mapped[str]
    currency: Mapped[str] = mapped_column(String(3))
    """ISO 4217, upper case."""
    locale: Mapped[str] = mapped_column(String(10))
    """BCP 47."""
    timezone: Mapped[str] = mapped_column(String(64))
    """IANA."""
    profile_picture_key: Mapped[str | None] = mapped_column("profile_picture_url")
    """An object's key: its bucket is private, so an address is signed each time it is shown."""
    created_at: Mapped[CreatedAt]
    # additions
    email_verified_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    """By the platform: neither the operator nor its photographers get in."""
