from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from acme_auth.account_errors import AccountNotFound
from acme_backoffice.analytics.schemas import Interval, Metric, Money, Period, PhotographerFigures
from acme_db.figures import ALWAYS, AWAITED, Span, Stage, counted
from acme_db.models import (
    FaceCall,
    FigureKind,
    Operator,
    Photographer,
    Project,
    ProjectMember,
    Purchase,
    Selfie,
)
from acme_db.models.photo_tag import ReviewStatus
from acme_db.models.purchase import PurchaseStatus
from acme_db.totals import totalled

Instant = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None] | ColumnElement[datetime]


@dataclass(frozen=True)
class Scope:
    """Whose figures, of which project (all of them where null), in which period."""

    operator_id: UUID
    project_id: UUID | None
    period: Period

    def projects(self) -> Select[UUID]:
        statement = select(Project.id).where(Project.operator_id == self.operator_id)
        return statement if self.project_id is None else statement.where(Project.id == self.project_id)

    @property
    def span(self) -> Span:
        return Span(self.period.start, self.period.end)

    def within(self, instant: Instant) -> ColumnElement[bool]:
        conditions: list[ColumnElement[bool]] = [true()]
        if self.period.start is not None:
            conditions.append(instant >= self.period.start)
        if self.period.end is not None:
            conditions.append(instant < self.period.end)
        return and_(*conditions)


async def get_operator(session: AsyncSession, operator_id: UUID) -> Operator:
    """Raises `AccountNotFound`."""
    operator = await session.get(Operator, operator_id)
    if operator is None or operator.deleted_at is not None:
        raise AccountNotFound
    return operator


async def money(session: AsyncSession, scope: Scope) -> list[Money]:
    statement = (
        select(Purchase.currency, func.sum(Purchase.amount), func.sum(Purchase.refunded_amount))
        .where(
            Purchase.project_id.in_(scope.projects()),
            Purchase.status == PurchaseStatus.PAID,
            scope.within(Purchase.paid_at),
        )
        .group_by(Purchase.currency)
        .order_by(Purchase.currency)
    )
    rows = (await session.execute(statement)).all()
    return [
        Money(currency=currency, gross=gross, refunded=refunded, net=gross - refunded)
        for currency, gross, refunded in rows
    ]


async def purchase_counts(session: AsyncSession, scope: Scope) -> Mapping[str, int]:
    """By status; `refunded` is in full."""
    statement = (
        select(Purchase.status, func.count(), func.count(Purchase.refunded_at))
        .where(Purchase.project_id.in_(scope.projects()), scope.within(Purchase.created_at))
        .group_by(Purchase.status)
    )
    rows = (await session.execute(statement)).all()
    return {**{str(status): count for status, count, _ in rows}, "refunded": sum(row[2] for row in rows)}


async def selfies_by_status(session: AsyncSession, scope: Scope) -> Mapping[str, int]:
    """Of the members of these projects; a guest of two events is counted once."""
    members = select(ProjectMember.user_id).where(ProjectMember.project_id.in_(scope.projects()))
    statement = (
        select(Selfie.status, func.count())
        .where(Selfie.user_id.in_(members), scope.within(Selfie.created_at), Selfie.deleted_at.is_(None))
        .group_by(Selfie.status)
    )
    return {str(status): count for status, count in (await session.execute(statement)).all()}


async def tags_by_status(session: AsyncSession, scope: Scope) -> Mapping[str, int]:
    return await _labelled(session, scope, FigureKind.TAGS)


async def face_calls(session: AsyncSession, scope: Scope) -> int:
    statement = select(func.coalesce(func.sum(FaceCall.calls), 0)).where(
        FaceCall.project_id.in_(scope.projects()), scope.within(FaceCall.hour)
    )
    return int(await session.scalar(statement) or 0)


async def funnel(session: AsyncSession, scope: Scope) -> Sequence[int]:
    """Joined, consented, selfie, matched, bought: each stage counts those who came at least so far in it."""
    members = await _labelled(session, scope, FigureKind.MEMBERS)
    stages = (Stage.CONSENTED, Stage.SELFIE, Stage.MATCHED, Stage.BOUGHT)
    reached = [sum(value for label, value in members.items() if stage in label) for stage in stages]
    return [sum(members.values()), *reached]


async def photos(session: AsyncSession, scope: Scope) -> tuple[Mapping[str, int], list[PhotographerFigures]]:
    """By what became of them, and by who took them."""
    found = await _by_subject(session, scope, FigureKind.PHOTOS)
    matches = await _by_subject(session, scope, FigureKind.MATCHES)
    by_status: Counter[str] = Counter()
    for labels in found.values():
        for label, value in labels.items():
            by_status[label.removesuffix(AWAITED)] += value
    statement = select(Photographer.id, Photographer.name).where(Photographer.id.in_(found))
    figures = [
        PhotographerFigures(
            photographer_id=row_id,
            name=name,
            photos=found[row_id].total(),
            matches=matches[row_id].total(),
        )
        for row_id, name in (await session.execute(statement)).all()
    ]
    return by_status, sorted(figures, key=lambda item: (-item.photos, item.photographer_id))


async def _labelled(session: AsyncSession, scope: Scope, kind: FigureKind) -> dict[str, int]:
    figures = _figures(scope, kind)
    value = func.sum(figures.c.value)
    statement = select(figures.c.label, value).group_by(figures.c.label).having(value != 0)
    return {label: int(value) for label, value in (await session.execute(statement)).all()}


async def _by_subject(
    session: AsyncSession, scope: Scope, kind: FigureKind
) -> defaultdict[UUID, Counter[str]]:
    figures = _figures(scope, kind)
    columns, value = (figures.c.subject_id, figures.c.label), func.sum(figures.c.value)
    statement = select(*columns, value).group_by(*columns).having(value != 0)
    found: defaultdict[UUID, Counter[str]] = defaultdict(Counter)
    for subject, label, value in (await session.execute(statement)).all():
        found[subject][label] += int(value)
    return found


def _figures(scope: Scope, kind: FigureKind) -> Subquery:
    if scope.span == ALWAYS:
        return totalled(scope.projects(), kind)
    return counted(kind, scope.projects(), scope.span)


async def buckets(
    session: AsyncSession, scope: Scope, metric: Metric, interval: Interval, timezone: str, currency: str
) -> Mapping[datetime, int]:
    """Values by the start of their interval; empty intervals are left out."""
    instant, value, statement = _series(metric, scope, currency)
    start = func.date_trunc(interval.value, instant, timezone)
    rows = await session.execute(statement.add_columns(start, value).group_by(start).order_by(start))
    return {at: int(amount) for at, amount in rows.all()}


async def first_instant(
    session: AsyncSession, scope: Scope, metric: Metric, currency: str
) -> datetime | None:
    instant, _, statement = _series(metric, scope, currency)
    first: datetime | None = await session.scalar(statement.add_columns(func.min(instant)))
    return first


def _series(metric: Metric, scope: Scope, currency: str) -> tuple[Instant, ColumnElement[int], Select[()]]:
    """When a thing of the metric happened, what it counts, and where it is found."""
    match metric:
        case Metric.REVENUE | Metric.PURCHASES:
            return _sales(metric, scope, currency)
        case Metric.SELFIES:
            members = select(ProjectMember.user_id).where(ProjectMember.project_id.in_(scope.projects()))
            statement: Select[()] = select()
            found = statement.select_from(Selfie).where(
                Selfie.user_id.in_(members), Selfie.deleted_at.is_(None), scope.within(Selfie.created_at)
            )
            return Selfie.created_at, func.count(), found
        case Metric.MEMBERS:
            return _kept(scope, FigureKind.MEMBERS)
        case Metric.PHOTOS:
            return _kept(scope, FigureKind.PHOTOS)
        case Metric.MATCHES:
            return _kept(scope, FigureKind.TAGS, ReviewStatus.CONFIRMED)


def _sales(metric: Metric, scope: Scope, currency: str) -> tuple[Instant, ColumnElement[int], Select[()]]:
    statement: Select[()] = select()
    found = statement.select_from(Purchase).where(
        Purchase.project_id.in_(scope.projects()),
        Purchase.status == PurchaseStatus.PAID,
        scope.within(Purchase.paid_at),
    )
    if metric is Metric.PURCHASES:
        return Purchase.paid_at, func.count(), found
    value = func.sum(Purchase.amount - Purchase.refunded_amount)
    return Purchase.paid_at, value, found.where(Purchase.currency == currency)


def _kept(
    scope: Scope, kind: FigureKind, label: str | None = None
) -> tuple[Instant, ColumnElement[int], Select[()]]:
    figures = counted(kind, scope.projects(), scope.span)
    statement: Select[()] = select()
    found = statement.select_from(figures)
    if label is not None:
        found = found.where(figures.c.label == label)
    return figures.c.starts_at, func.sum(figures.c.value), found
