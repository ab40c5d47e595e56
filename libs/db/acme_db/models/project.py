from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, Name, UuidPk, Versioned


class Project(Versioned, Base):
    """An event."""

    __tablename__ = "projects"
    __table_args__ = (
        CheckConstraint("end_at >= start_at", name="ends_after_start"),
        CheckConstraint("review_confidence <= confirm_confidence", name="bands_are_ordered"),
        Index(
            "ix_projects_operator_id_shown",
            "operator_id",
            "created_at",
            "id",
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )

    id: Mapped[UuidPk]
    operator_id: Mapped[UUID] = mapped_column(ForeignKey("operators.id"), index=True)
    name: Mapped[Name]
    location_name: Mapped[str | None] = mapped_column(String(255))
    start_at: Mapped[datetime | None]
    end_at: Mapped[datetime | None]
    project_link: Mapped[str | None]
    terms_and_conditions: Mapped[str | None]
    timezone: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[CreatedAt]
    # additions
    deleted_at: Mapped[datetime | None]
    confirm_confidence: Mapped[float | None] = mapped_column(Float)
    """From which score on a match is certain; null = the platform's bound. Likewise the next."""
    review_confidence: Mapped[float | None] = mapped_column(Float)
    face_index_at: Mapped[datetime | None]
    """Since when the vectors of all faces are kept; null = of consenting members only."""
    face_index_by: Mapped[UUID | None]
    """The operator who attested that everybody in the photos agrees."""
    face_index_attestation: Mapped[str | None]
    matches_need_verified_email: Mapped[bool] = mapped_column(server_default=text("false"))
    """Who has not verified an address sees no match yet: a selfie of somebody else brings nothing."""
