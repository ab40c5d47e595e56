from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, Name, UuidPk, Versioned


class Superadmin(Versioned, Base):
    """Runs the platform itself. Made on the command line only, always with a second factor."""

    __tablename__ = "superadmins"

    id: Mapped[UuidPk]
    name: Mapped[Name]
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password_hash: Mapped[str]
    created_at: Mapped[CreatedAt]
    deleted_at: Mapped[datetime | None]
