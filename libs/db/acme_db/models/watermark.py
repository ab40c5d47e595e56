from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, UuidPk, Versioned


class Watermark(Versioned, Base):
    """An operator's design, or one of its projects' own. Whoever has none is drawn with the default."""

    __tablename__ = "watermarks"
    __table_args__ = (
        Index(
            "uq_watermarks_operator_id",
            "operator_id",
            unique=True,
            postgresql_where=text("project_id IS NULL"),
        ),
        Index("uq_watermarks_project_id", "project_id", unique=True),
    )

    id: Mapped[UuidPk]
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("operators.id"))
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("projects.id"))
    design: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """An `acme_core.watermarks.WatermarkDesign`."""
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
