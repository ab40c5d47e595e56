from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, UuidPk


class FaceCall(Base):
    """How often a face provider was asked in an hour, counting what it charges for."""

    __tablename__ = "face_calls"
    __table_args__ = (
        Index(
            "uq_face_calls_project_id_operation_hour",
            "project_id",
            "operation",
            "hour",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[UuidPk]
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("projects.id"))
    """Null for selfies, which belong to their guest and to no project."""
    operation: Mapped[str] = mapped_column(String(40))
    hour: Mapped[datetime]
    """Its start."""
    calls: Mapped[int]
