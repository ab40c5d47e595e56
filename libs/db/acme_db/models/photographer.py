from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, Name, UuidPk, Versioned


class Photographer(Versioned, Base):
    __tablename__ = "photographers"
    __table_args__ = (
        Index(
            "ix_photographers_operator_id_shown",
            "operator_id",
            "created_at",
            "id",
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )

    id: Mapped[UuidPk]
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("operators.id"), index=True)
    name: Mapped[Name]
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password_hash: Mapped[str]
    """Unusable until an invited photographer has chosen a password."""
    address: Mapped[str | None]
    created_at: Mapped[CreatedAt]
    # additions
    deleted_at: Mapped[datetime | None]
