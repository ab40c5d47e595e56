"""Counts that do not grow with the tables, and are right to the row at all times.

They are kept by the quarter of an hour. Triggers mark each quarter that a change reaches, in the change's own
transaction. Who reads takes what is kept, and asks the tables for the quarters that are marked; a periodic
job counts those again and takes the marks away (decision 15).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    DateTime,
    FromClause,
    Select,
    SQLColumnExpression,
    Subquery,
    Uuid,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    text,
    true,
    union,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from acme_db.consents import consents_now
from acme_db.models import (
    Figure,
    FigureKind,
    FigureMark,
    FigureTotal,
    Photo,
    PhotoTag,
    ProjectMember,
    Purchase,
    PurchaseStatus,
    ReviewStatus,
    Selfie,
    SelfieStatus,
    UploadState,
    User,
)
from acme_db.models.user_consent import ConsentType

Rows = Select[*tuple[Any, ...]]

SLOT = timedelta(minutes=15)
"""Days and hours of every time zone begin with one."""
AWAITED = "/awaited"
"""Ends the label of a photo whose file is not here yet."""
BATCH = 2000
_ALONE = text("LOCK TABLE figure_totals IN SHARE UPDATE EXCLUSIVE MODE")
"""Keeps nobody waiting who reads or marks; of the two tables the one that is vacuumed in no time."""
COLUMNS = ["project_id", "subject_id", "label", "starts_at", "value", "kind"]


class Stage(StrEnum):
    """What a member's label has in it."""

    CONSENTED = "c"
    SELFIE = "s"
    MATCHED = "m"
    BOUGHT = "b"
    GONE = "g"


@dataclass(frozen=True)
class Span:
    """From `start`, up to but not including `end`; open where null."""

    start: datetime | None = None
    end: datetime | None = None

    def holds(self, at: SQLColumnExpression[Any]) -> ColumnElement[bool]:
        return and_(
            at >= self.start if self.start is not None else true(),
            at < self.end if self.end is not None else true(),
        )

    def widened(self) -> "Span":
        """By the part of its first quarter that it cuts off."""
        return Span(_floor(self.start) if self.start is not None else None, self.end)

    def cut_slots(self) -> set[datetime]:
        """The quarters that it holds a part of."""
        ends = [moment for moment in (self.start, self.end) if moment is not None]
        return {_floor(moment) for moment in ends if moment != _floor(moment)}


ALWAYS = Span()


@dataclass(frozen=True)
class Source:
    """Where the things of a kind are found: one row each, and what it is counted by."""

    project_id: InstrumentedAttribute[UUID]
    subject_id: InstrumentedAttribute[UUID]
    label: SQLColumnExpression[Any]
    at: InstrumentedAttribute[datetime]
    narrowed: Callable[[Rows], Rows]

    def count_all(self) -> Rows:
        """All figures there are, counted in one go."""
        slot = func.figure_slot(self.at).label("starts_at")
        statement: Rows = select(
            self.project_id.label("project_id"),
            self.subject_id.label("subject_id"),
            self.label.label("label"),
            slot,
            func.count().label("value"),
        )
        grouped = self.narrowed(statement).group_by(self.project_id, "subject_id", "label", "starts_at")
        return grouped.order_by(self.project_id, "starts_at")

    def count(self, slots: FromClause, span: Span) -> Rows:
        """The figures of these quarters, counted in the tables; a quarter at a time, each by its index."""
        statement: Rows = select(
            self.subject_id.label("subject_id"), self.label.label("label"), func.count().label("value")
        ).where(
            self.project_id == slots.c.project_id,
            self.at >= slots.c.starts_at,
            self.at < slots.c.starts_at + SLOT,
            span.holds(self.at),
        )
        rows = self.narrowed(statement).group_by("subject_id", "label").lateral("counted")
        columns = (slots.c.project_id, rows.c.subject_id, rows.c.label, slots.c.starts_at, rows.c.value)
        return select(*columns).select_from(slots.join(rows, true()))


def counted(kind: FigureKind, projects: Select[UUID], span: Span = ALWAYS) -> Subquery:
    """`project_id`, `subject_id`, `label`, `starts_at` and `value`."""
    stale = _stale(kind, projects, span)
    is_stale = exists().where(stale.c.project_id == Figure.project_id, stale.c.starts_at == Figure.starts_at)
    kept = select(Figure.project_id, Figure.subject_id, Figure.label, Figure.starts_at, Figure.value).where(
        Figure.kind == kind,
        Figure.project_id.in_(projects),
        span.widened().holds(Figure.starts_at),
        ~is_stale,
    )
    return union_all(kept, SOURCES[kind].count(stale, span)).subquery("figures_now")


PROJECTS: Final = bindparam("projects", type_=ARRAY(Uuid))
"""That a prepared statement is given."""
AMONG: Final = select(func.unnest(select(PROJECTS).scalar_subquery(), type_=Uuid()).label("id"))
"""These, for `counted`. Hidden from the planner, to whom the kept plan looks dear beside one for a few."""


def _stale(kind: FigureKind, projects: Select[UUID], span: Span) -> CTE:
    """The quarters that the tables are asked for: the marked ones, and those that the span cuts."""
    marked = _marked(kind).where(
        FigureMark.project_id.in_(projects), span.widened().holds(FigureMark.starts_at)
    )
    parts = [marked]
    if kind is FigureKind.MEMBERS:
        guests = marked_guests()
        parts.append(guests.where(guests.selected_columns.project_id.in_(projects)))
    owned = projects.subquery()
    parts += [
        select(owned.c[0].label("project_id"), literal(slot, DateTime(timezone=True)).label("starts_at"))
        for slot in sorted(span.cut_slots())
    ]
    return union(*parts).cte(f"stale_{kind}")


def _marked(kind: FigureKind) -> Rows:
    statement: Rows = select(FigureMark.project_id, FigureMark.starts_at).where(
        FigureMark.kind == kind, FigureMark.project_id.is_not(None)
    )
    return statement.distinct()  # a union of one part leaves its duplicates in


def marked_guests() -> Rows:
    """Looked up now, not when the mark was made: a guest may have joined in between."""
    joined = (
        select(ProjectMember.project_id, func.figure_slot(ProjectMember.joined_at).label("starts_at"))
        .where(ProjectMember.user_id == FigureMark.user_id)
        .offset(0)  # looked up guest by guest, however many marks the statistics remember
        .correlate(FigureMark)
        .lateral("joined")
    )
    statement: Rows = (
        select(joined.c.project_id, joined.c.starts_at).select_from(FigureMark).join(joined, true())
    )
    return statement


async def fold(session: AsyncSession) -> int:
    """Count again what is marked, up to a batch; how many marks went.

    Needs one view of everything from its first statement on: a mark that it sees is of a change that it sees,
    and of a later change the mark stays. Folds take turns: a lock is no look, so that who has waited for one
    sees what the other has counted. Two at once could have different marks of a quarter, and count it twice.
    """
    await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    await session.execute(_ALONE)
    oldest = select(FigureMark.id).order_by(FigureMark.id).limit(BATCH).subquery()
    last = await session.scalar(select(func.max(oldest.c.id)))
    if last is None:
        return 0
    is_due = FigureMark.id <= last
    for kind in FigureKind:
        due = [_marked(kind).where(is_due)]
        if kind is FigureKind.MEMBERS:
            due.append(marked_guests().where(is_due))
        await _count_again(session, kind, union(*due).cte("due"))
    gone = await session.scalars(delete(FigureMark).where(is_due).returning(FigureMark.id))
    return len(gone.all())


async def count_everything(connection: AsyncConnection) -> None:
    """For who has filled whole tables with nobody looking on: much to count is counted faster at once."""
    await connection.execute(_ALONE)
    for table in (FigureMark, Figure, FigureTotal):
        await connection.execute(delete(table))
    for kind, source in SOURCES.items():
        found = source.count_all().add_columns(literal(kind.value))
        await connection.execute(insert(Figure).from_select(COLUMNS, found))


async def _count_again(session: AsyncSession, kind: FigureKind, due: CTE) -> None:
    await session.execute(
        delete(Figure)
        .where(
            Figure.kind == kind, Figure.project_id == due.c.project_id, Figure.starts_at == due.c.starts_at
        )
        .execution_options(synchronize_session=False)
    )
    found = SOURCES[kind].count(due, ALWAYS)
    await session.execute(insert(Figure).from_select(COLUMNS, found.add_columns(literal(kind.value))))


def _floor(moment: datetime) -> datetime:
    return moment - timedelta(seconds=moment.timestamp() % SLOT.total_seconds())


def _photos(statement: Rows) -> Rows:
    return statement.where(Photo.deleted_at.is_(None))


def _tags(statement: Rows) -> Rows:
    return statement.join_from(PhotoTag, Photo, Photo.id == PhotoTag.photo_id).where(
        Photo.deleted_at.is_(None)
    )


def _matches(statement: Rows) -> Rows:
    return _tags(statement).where(PhotoTag.review_status == ReviewStatus.CONFIRMED)


def _members(statement: Rows) -> Rows:
    return statement


def _state() -> ColumnElement[Any]:
    """`ready`, or `processing/awaited`."""
    is_awaited = Photo.upload_state == UploadState.ISSUED
    return case((is_awaited, func.concat(Photo.status, AWAITED)), else_=Photo.status)


def _stages() -> ColumnElement[str]:
    """The letters of how far a member has come."""
    has_selfie = exists().where(
        Selfie.user_id == ProjectMember.user_id,
        Selfie.status == SelfieStatus.APPROVED,
        Selfie.deleted_at.is_(None),
    )
    is_matched = (
        select(PhotoTag.id)
        .join(Photo, Photo.id == PhotoTag.photo_id)
        .where(
            PhotoTag.project_id == ProjectMember.project_id,
            Photo.deleted_at.is_(None),
            PhotoTag.user_id == ProjectMember.user_id,
            PhotoTag.review_status == ReviewStatus.CONFIRMED,
        )
        .correlate(ProjectMember)
        .exists()
    )
    has_bought = exists().where(
        Purchase.user_id == ProjectMember.user_id,
        Purchase.project_id == ProjectMember.project_id,
        Purchase.status == PurchaseStatus.PAID,
    )
    is_gone = exists().where(User.id == ProjectMember.user_id, User.deleted_at.is_not(None))
    stages = {
        Stage.CONSENTED: consents_now(ProjectMember.user_id, ConsentType.BIOMETRIC_PROCESSING),
        Stage.SELFIE: has_selfie,
        Stage.MATCHED: is_matched,
        Stage.BOUGHT: has_bought,
        Stage.GONE: is_gone,
    }
    return func.concat(*(case((reached, stage.value), else_="") for stage, reached in stages.items()))


SOURCES = {
    FigureKind.PHOTOS: Source(Photo.project_id, Photo.photographer_id, _state(), Photo.uploaded_at, _photos),
    FigureKind.MATCHES: Source(
        Photo.project_id, Photo.photographer_id, literal("confirmed"), Photo.uploaded_at, _matches
    ),
    FigureKind.TAGS: Source(
        PhotoTag.project_id, PhotoTag.project_id, PhotoTag.review_status, PhotoTag.created_at, _tags
    ),
    FigureKind.MEMBERS: Source(
        ProjectMember.project_id, ProjectMember.project_id, _stages(), ProjectMember.joined_at, _members
    ),
}
