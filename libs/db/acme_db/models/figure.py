from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, one_of, text_enum


class FigureKind(StrEnum):
    PHOTOS = "photos"
    """By the time of upload; labelled with what became of them."""
    MATCHES = "matches"
    """Confirmed tags, by the time of their photo's upload."""
    TAGS = "tags"
    """By the time of their making; labelled with their review status."""
    MEMBERS = "members"
    """By the time of joining; labelled with how far they have come since."""


class Figure(Base):
    """How many there are in a quarter of an hour: counted once, not each time somebody looks."""

    __tablename__ = "figures"
    __table_args__ = (
        PrimaryKeyConstraint(
            "project_id", "kind", "starts_at", "subject_id", "label", postgresql_include=["value"]
        ),
        one_of("kind", FigureKind),
    )

    project_id: Mapped[UUID]
    kind: Mapped[FigureKind] = mapped_column(text_enum(FigureKind, 20))
    starts_at: Mapped[datetime]
    subject_id: Mapped[UUID]
    """The photographer, of photos and matches; the project, of the others."""
    label: Mapped[str] = mapped_column(String(40))
    value: Mapped[int]


class FigureTotal(Base):
    """The kept figures of all quarters, summed up by triggers: whoever changes those changes it."""

    __tablename__ = "figure_totals"
    __table_args__ = (
        PrimaryKeyConstraint("project_id", "kind", "subject_id", "label"),
        one_of("kind", FigureKind),
    )

    project_id: Mapped[UUID]
    kind: Mapped[FigureKind] = mapped_column(text_enum(FigureKind, 20))
    subject_id: Mapped[UUID]
    label: Mapped[str] = mapped_column(String(40))
    value: Mapped[int]
    """0 where there were some once. In no index: it changes each minute, and its row stays in its page."""


class FigureMark(Base):
    """What triggers write beside a change: these figures may be wrong by now, the tables are asked instead.

    Only ever added by a change, so that no two of them wait for each other. Names a quarter of an hour of a
    project, or a guest: those in which the guest has joined, found when the mark is read.
    """

    __tablename__ = "figure_marks"
    __table_args__ = (
        one_of("kind", FigureKind),
        Index("ix_figure_marks_project_id", "project_id", "kind", "starts_at"),
        Index("ix_figure_marks_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[FigureKind] = mapped_column(text_enum(FigureKind, 20))
    project_id: Mapped[UUID | None]
    starts_at: Mapped[datetime | None]
    user_id: Mapped[UUID | None]
