from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, UuidPk, one_of, text_enum


class BackfillState(StrEnum):
    IDLE = "idle"
    RUNNING = "running"
    DONE = "done"


class ProjectMember(Base):
    """A guest who joined a project by its QR code."""

    __tablename__ = "project_members"
    __table_args__ = (
        Index("uq_project_members_project_id_user_id", "project_id", "user_id", unique=True),
        Index("ix_project_members_project_id_joined_at", "project_id", "joined_at", "id"),
        Index("ix_project_members_user_id_joined_at", "user_id", "joined_at", "id"),
        one_of("backfill_state", BackfillState),
    )

    id: Mapped[UuidPk]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    joined_at: Mapped[datetime] = mapped_column(server_default=func.now())
    terms_accepted_at: Mapped[datetime | None]
    # additions: how far the photos uploaded before this guest was known have been compared
    backfill_state: Mapped[BackfillState] = mapped_column(
        text_enum(BackfillState, 20), server_default=text(f"'{BackfillState.IDLE}'")
    )
    backfill_done: Mapped[int] = mapped_column(server_default=text("0"))
    backfill_total: Mapped[int] = mapped_column(server_default=text("0"))
    backfill_templates: Mapped[str | None] = mapped_column(String(64))
    """A digest of what the photos are compared with: a run for other templates begins anew."""
    backfill_before: Mapped[datetime | None]
    """The last photo that was compared, newest first: its upload, and its id."""
    backfill_before_id: Mapped[UUID | None]
    told_until: Mapped[datetime | None]
    """Photos confirmed up to then have been told of by mail."""
