from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from acme_auth.account_errors import AccountNotFound
from acme_backoffice.analytics.schemas import Interval, Metric, Money, Period, PhotographerFigures
from acme_db.consents import consents_now
from acme_db.models import (
    FaceCall,
    Operator,
    Photo,
    Photographer,
    PhotoTag,
    Project,
    ProjectMember,
    Purchase,
    Selfie,
)
from acme_db.models.photo_tag import ReviewStatus
from acme_db.models.purchase import PurchaseStatus
from acme_db.models.selfie import SelfieStatus
from acme_db.models.user_consent import ConsentType

Instant = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]


@dataclass(frozen=True)
class Scope:
    """Whose figures, of which project (all of them where null), in which period."""

    operator_id: UUID
    project_id: UUID | None
    period: Period

    def projects(self) -> Select[UUID]:
        statement = select(Project.id).where(Project.operator_id == self.operator_id)
        return statement if self.project_id is None else statement.where(Project.id == self.project_id)

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


async def purchases_by_status(session: AsyncSession, scope: Scope) -> Mapping[str, int]:
    statement = (
        select(Purchase.status, func.count())
        .where(Purchase.project_id.in_(scope.projects()), scope.within(Purchase.created_at))
        .group_by(Purchase.status)
    )
    return {str(status): count for status, count in (await session.execute(statement)).all()}


async def refunded_purchases(session: AsyncSession, scope: Scope) -> int:
    statement = select(func.count()).where(
        Purchase.project_id.in_(scope.projects()),
        scope.within(Purchase.created_at),
        Purchase.refunded_at.is_not(None),
    )
    return await session.scalar(statement) or 0


async def selfies_by_status(session: AsyncSession, scope: Scope) -> Mapping[str, int]:
    """Of the members of these projects; a guest of two events is counted once."""
    members = select(ProjectMember.user_id).where(ProjectMember.project_id.in_(scope.projects()))
    statement = (
        select(Selfie.status, func.count())
        .where(Selfie.user_id.in_(members), scope.within(Selfie.created_at), Selfie.deleted_at.is_(None))
        .group_by(Selfie.status)
    )
    return {str(status): count for status, count in (await session.execute(statement)).all()}


async def photos_by_status(session: AsyncSession, scope: Scope) -> Mapping[str, int]:
    statement = (
        select(Photo.status, func.count())
        .where(
            Photo.project_id.in_(scope.projects()),
            scope.within(Photo.uploaded_at),
            Photo.deleted_at.is_(None),
        )
        .group_by(Photo.status)
    )
    return {str(status): count for status, count in (await session.execute(statement)).all()}


async def tags_by_status(session: AsyncSession, scope: Scope) -> Mapping[str, int]:
    statement = (
        select(PhotoTag.review_status, func.count())
        .join(Photo, Photo.id == PhotoTag.photo_id)
        .where(
            Photo.project_id.in_(scope.projects()),
            Photo.deleted_at.is_(None),
            scope.within(PhotoTag.created_at),
        )
        .group_by(PhotoTag.review_status)
    )
    return {str(status): count for status, count in (await session.execute(statement)).all()}


async def face_calls(session: AsyncSession, scope: Scope) -> int:
    statement = select(func.coalesce(func.sum(FaceCall.calls), 0)).where(
        FaceCall.project_id.in_(scope.projects()), scope.within(FaceCall.hour)
    )
    return int(await session.scalar(statement) or 0)


async def funnel(session: AsyncSession, scope: Scope) -> Sequence[int]:
    """Joined, consented, selfie, matched, bought: each stage counts those who came at least so far in it."""
    consented = consents_now(ProjectMember.user_id, ConsentType.BIOMETRIC_PROCESSING)
    selfie = exists().where(
        Selfie.user_id == ProjectMember.user_id,
        Selfie.status == SelfieStatus.APPROVED,
        Selfie.deleted_at.is_(None),
    )
    matched = (
        select(PhotoTag.id)
        .join(Photo, Photo.id == PhotoTag.photo_id)
        .where(
            Photo.project_id == ProjectMember.project_id,
            Photo.deleted_at.is_(None),
            PhotoTag.user_id == ProjectMember.user_id,
            PhotoTag.review_status == ReviewStatus.CONFIRMED,
        )
        .correlate(ProjectMember)
        .exists()
    )
    bought = exists().where(
        Purchase.user_id == ProjectMember.user_id,
        Purchase.project_id == ProjectMember.project_id,
        Purchase.status == PurchaseStatus.PAID,
    )
    statement = select(
        func.count(), *(func.count().filter(stage) for stage in (consented, selfie, matched, bought))
    ).where(ProjectMember.project_id.in_(scope.projects()), scope.within(ProjectMember.joined_at))
    return list((await session.execute(statement)).one())


async def by_photographer(session: AsyncSession, scope: Scope) -> list[PhotographerFigures]:
    matches = (
        select(func.count())
        .select_from(PhotoTag)
        .join(Photo, Photo.id == PhotoTag.photo_id)
        .where(
            Photo.photographer_id == Photographer.id,
            Photo.project_id.in_(scope.projects()),
            Photo.deleted_at.is_(None),
            scope.within(Photo.uploaded_at),
            PhotoTag.review_status == ReviewStatus.CONFIRMED,
        )
        .correlate(Photographer)
        .scalar_subquery()
    )
    statement = (
        select(Photographer.id, Photographer.name, func.count(Photo.id), matches)
        .join(Photo, Photo.photographer_id == Photographer.id)
        .where(
            Photo.project_id.in_(scope.projects()),
            Photo.deleted_at.is_(None),
            scope.within(Photo.uploaded_at),
        )
        .group_by(Photographer.id, Photographer.name)
        .order_by(func.count(Photo.id).desc(), Photographer.id)
    )
    rows = (await session.execute(statement)).all()
    return [
        PhotographerFigures(photographer_id=row_id, name=name, photos=photos, matches=matched)
        for row_id, name, photos, matched in rows
    ]


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
    projects, one = scope.projects(), func.count()
    statement: Select[()] = select()
    match metric:
        case Metric.REVENUE | Metric.PURCHASES:
            value = func.sum(Purchase.amount - Purchase.refunded_amount)
            found = statement.select_from(Purchase).where(
                Purchase.project_id.in_(projects),
                Purchase.status == PurchaseStatus.PAID,
                scope.within(Purchase.paid_at),
            )
            if metric is Metric.PURCHASES:
                return Purchase.paid_at, one, found
            return Purchase.paid_at, value, found.where(Purchase.currency == currency)
        case Metric.MEMBERS:
            found = statement.select_from(ProjectMember).where(
                ProjectMember.project_id.in_(projects), scope.within(ProjectMember.joined_at)
            )
            return ProjectMember.joined_at, one, found
        case Metric.SELFIES:
            members = select(ProjectMember.user_id).where(ProjectMember.project_id.in_(projects))
            found = statement.select_from(Selfie).where(
                Selfie.user_id.in_(members), Selfie.deleted_at.is_(None), scope.within(Selfie.created_at)
            )
            return Selfie.created_at, one, found
        case Metric.PHOTOS:
            found = statement.select_from(Photo).where(
                Photo.project_id.in_(projects), Photo.deleted_at.is_(None), scope.within(Photo.uploaded_at)
            )
            return Photo.uploaded_at, one, found
        case Metric.MATCHES:
            found = (
                statement.select_from(PhotoTag)
                .join(Photo, Photo.id == PhotoTag.photo_id)
                .where(
                    Photo.project_id.in_(projects),
                    Photo.deleted_at.is_(None),
                    PhotoTag.review_status == ReviewStatus.CONFIRMED,
                    scope.within(PhotoTag.created_at),
                )
            )
            return PhotoTag.created_at, one, found
