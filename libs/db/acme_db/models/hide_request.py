from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from acme_core.faces import FaceBox, box_of
from acme_db.models.base import Base, CreatedAt, UuidPk, one_of, text_enum


class HideKind(StrEnum):
    WITHHOLD = "withhold"
    """Nobody is shown the photo any more."""
    BLUR = "blur"
    """Nobody is shown the guest's face in it."""


class HideState(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class HideRequest(Base):
    """A guest does not want to be seen in a photo; the operator decides."""

    __tablename__ = "hide_requests"
    __table_args__ = (
        one_of("kind", HideKind),
        one_of("state", HideState),
        CheckConstraint("kind <> 'blur' OR box_left IS NOT NULL", name="blur_says_where"),
        Index("uq_hide_requests_photo_id_user_id_kind", "photo_id", "user_id", "kind", unique=True),
        Index("ix_hide_requests_project_id_created_at", "project_id", "created_at", "id"),
        Index("ix_hide_requests_user_id_created_at", "user_id", "created_at", "id"),
    )

    id: Mapped[UuidPk]
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"))
    """The photo's."""
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[HideKind] = mapped_column(text_enum(HideKind, 20))
    state: Mapped[HideState] = mapped_column(
        text_enum(HideState, 20), server_default=text(f"'{HideState.PENDING}'")
    )
    reason: Mapped[str | None]
    """In the guest's words."""
    box_left: Mapped[float | None] = mapped_column(Float)
    """Of the picture's width, 0..1; likewise the other three. A copy: the face it came of may be erased."""
    box_top: Mapped[float | None] = mapped_column(Float)
    box_width: Mapped[float | None] = mapped_column(Float)
    box_height: Mapped[float | None] = mapped_column(Float)
    created_at: Mapped[CreatedAt]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]

    @property
    def decision_id(self) -> UUID:
        """Of the decision that stands; another one has another."""
        return uuid5(self.id, str(self.decided_at))

    @property
    def box(self) -> FaceBox | None:
        return box_of(self.box_left, self.box_top, self.box_width, self.box_height)
