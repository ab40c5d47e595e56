from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, UuidPk


class ProviderFace(Base):
    """A guest's face in a provider's collection, so that it can be found again to be erased."""

    __tablename__ = "provider_faces"
    __table_args__ = (
        Index("uq_provider_faces_selfie_id_project_id", "selfie_id", "project_id", unique=True),
        Index("uq_provider_faces_collection_face_id", "collection", "face_id", unique=True),
    )

    id: Mapped[UuidPk]
    selfie_id: Mapped[UUID] = mapped_column(ForeignKey("selfies.id"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), index=True)
    collection: Mapped[str] = mapped_column(String(255))
    face_id: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[CreatedAt]
