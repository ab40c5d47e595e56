import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.analytics import queries
from acme_backoffice.analytics.periods import period, starts
from acme_backoffice.analytics.queries import Scope
from acme_backoffice.analytics.schemas import (
    Asked,
    Bucket,
    FaceFigures,
    Funnel,
    Interval,
    Metric,
    Period,
    PhotoCounts,
    PurchaseCounts,
    SelfieCounts,
    SummaryOut,
    TagCounts,
    TimeseriesOut,
)
from acme_backoffice.projects.queries import find_owned_project
from acme_config.settings import FaceSettings
from acme_core.clock import utc_now
from acme_db.models import Operator

PRICE_CURRENCY = "USD"
"""AWS's, whatever the operator sells in."""


async def summary(session: AsyncSession, faces: FaceSettings, operator_id: UUID, asked: Asked) -> SummaryOut:
    operator, scope = await _scope(session, operator_id, asked)
    money = await queries.money(session, scope)
    purchases = await queries.purchase_counts(session, scope)
    counts, photographers = await queries.photos(session, scope)
    photos = PhotoCounts(**_counted(PhotoCounts.model_fields, counts))
    joined, consented, selfie, matched, bought = await queries.funnel(session, scope)
    return SummaryOut(
        revenue=sum(item.net for item in money if item.currency == operator.currency),
        currency=operator.currency,
        money=money,
        purchases=PurchaseCounts(**_counted(PurchaseCounts.model_fields, purchases)),
        members=joined,
        selfies=SelfieCounts(
            **_counted(SelfieCounts.model_fields, await queries.selfies_by_status(session, scope))
        ),
        photos=photos,
        tags=TagCounts(**_counted(TagCounts.model_fields, await queries.tags_by_status(session, scope))),
        funnel=Funnel(joined=joined, consented=consented, selfie=selfie, matched=matched, bought=bought),
        faces=_face_figures(faces, await queries.face_calls(session, scope), photos),
        photographers=photographers,
    )


def _face_figures(faces: FaceSettings, calls: int, photos: PhotoCounts) -> FaceFigures:
    cost = calls * faces.rekognition_call_price
    count = photos.processing + photos.ready + photos.failed
    return FaceFigures(
        engine=faces.engine,
        calls=calls,
        cost_estimate=cost,
        cost_per_photo=round(cost / count, 6) if count else None,
        currency=PRICE_CURRENCY,
    )


async def timeseries(
    session: AsyncSession, operator_id: UUID, asked: Asked, metric: Metric, interval: Interval
) -> TimeseriesOut:
    """Raises `ProjectNotFound`, `PeriodEndsBeforeStart` or `PeriodTooLong`."""
    operator, scope = await _scope(session, operator_id, asked)
    items = await _items(session, operator, scope, metric, interval)
    return TimeseriesOut(
        metric=metric,
        interval=interval,
        timezone=operator.timezone,
        currency=operator.currency if metric is Metric.REVENUE else None,
        items=items,
    )


async def as_csv(session: AsyncSession, operator_id: UUID, asked: Asked) -> str:
    """A line for each day of the period, a column for each metric; money in minor units."""
    operator, scope = await _scope(session, operator_id, asked)
    first = await _first(session, operator, scope)
    if first is not None:
        scope = replace(scope, period=Period(start=first, end=scope.period.end))
    columns = [await _items(session, operator, scope, metric, Interval.DAY) for metric in Metric]
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["day", *(_heading(metric, operator) for metric in Metric)])
    for row in zip(*columns, strict=True):
        day = row[0].start.astimezone(ZoneInfo(operator.timezone)).date()
        writer.writerow([day.isoformat(), *(bucket.value for bucket in row)])
    return buffer.getvalue()


async def _scope(session: AsyncSession, operator_id: UUID, asked: Asked) -> tuple[Operator, Scope]:
    """Raises `AccountNotFound`, `ProjectNotFound` or `PeriodEndsBeforeStart`."""
    if asked.project_id is not None:
        await find_owned_project(session, operator_id, asked.project_id)
    operator = await queries.get_operator(session, operator_id)
    span = period(asked.start, asked.end, ZoneInfo(operator.timezone))
    return operator, Scope(operator_id, asked.project_id, span)


async def _items(
    session: AsyncSession, operator: Operator, scope: Scope, metric: Metric, interval: Interval
) -> list[Bucket]:
    """Without a start the series begins with the first thing that there is."""
    first = scope.period.start or await queries.first_instant(session, scope, metric, operator.currency)
    if first is None:
        return []
    end = scope.period.end or utc_now()
    expected = starts(first, end, interval, ZoneInfo(operator.timezone))
    found = await queries.buckets(session, scope, metric, interval, operator.timezone, operator.currency)
    return [Bucket(start=start, value=found.get(start, 0)) for start in expected]


async def _first(session: AsyncSession, operator: Operator, scope: Scope) -> datetime | None:
    if scope.period.start is not None:
        return scope.period.start
    moments = [await queries.first_instant(session, scope, metric, operator.currency) for metric in Metric]
    return min((moment for moment in moments if moment is not None), default=None)


def _heading(metric: Metric, operator: Operator) -> str:
    return f"revenue_{operator.currency}" if metric is Metric.REVENUE else metric.value


def _counted(names: Iterable[str], found: Mapping[str, int]) -> dict[str, int]:
    return {name: found.get(name, 0) for name in names}
