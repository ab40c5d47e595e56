from uuid import UUID

from pgvector.sqlalchemy import Vector
from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base


class FaceVector(Base):
    """The vector of a photo's face, where the operator turned on "index all faces".

    A table of its own, and narrow: a search reads all of a project's rows.
    """

    __tablename__ = "face_vectors"

    face_id: Mapped[UUID] = mapped_column(ForeignKey("photo_faces.id", ondelete="CASCADE"), primary_key=True)
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id", ondelete="CASCADE"), index=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), index=True)
    engine: Mapped[str] = mapped_column(String(40))
    """Engine and model version: vectors of another one are never compared with its."""
    embedding: Mapped[list[float]] = mapped_column(Vector(128))


class FaceVectorVersion(Base):
    """Counts the changes of a project's vectors, by trigger: whether what a worker holds is true."""

    __tablename__ = "face_vector_versions"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
