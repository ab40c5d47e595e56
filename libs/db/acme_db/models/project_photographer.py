from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, UuidPk


class ProjectPhotographer(Base):
    """An assignment."""

    __tablename__ = "project_photographers"
    __table_args__ = (
        Index(
            "uq_project_photographers_project_id_photographer_id",
            "project_id",
            "photographer_id",
            unique=True,
        ),
    )

    id: Mapped[UuidPk]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), index=True)
    photographer_id: Mapped[UUID] = mapped_column(ForeignKey("photographers.id"), index=True)
    # additions
    created_at: Mapped[CreatedAt]
