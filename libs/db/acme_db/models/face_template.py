from uuid import UUID

from pgvector.sqlalchemy import Vector
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt


class FaceTemplate(Base):
    """A face that a person confirmed to be this guest's: compared, like the selfies, within its project."""

    __tablename__ = "face_templates"

    face_id: Mapped[UUID] = mapped_column(ForeignKey("photo_faces.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), index=True)
    embedding: Mapped[list[float]] = mapped_column(Vector(128))
    engine: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[CreatedAt]
