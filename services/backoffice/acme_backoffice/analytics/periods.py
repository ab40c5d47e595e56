"""Periods and their intervals, in the operator's time zone: a day there may have 23 or 25 hours."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from acme_backoffice.analytics.errors import PeriodEndsBeforeStart, PeriodTooLong
from acme_backoffice.analytics.schemas import Interval, Period

MAX_BUCKETS = 1000


def period(start: datetime | date | None, end: datetime | date | None, zone: ZoneInfo) -> Period:
    """A bare date is the whole day there, the last one included. Raises `PeriodEndsBeforeStart`."""
    begins = _instant(start, zone, is_end=False)
    ends = _instant(end, zone, is_end=True)
    if begins is not None and ends is not None and ends < begins:
        raise PeriodEndsBeforeStart
    return Period(start=begins, end=ends)


def floor(moment: datetime, interval: Interval, zone: ZoneInfo) -> datetime:
    """The start of the interval that the moment lies in, in the zone."""
    local = moment.astimezone(zone)
    if interval is Interval.HOUR:
        return local.replace(minute=0, second=0, microsecond=0)
    day = local.date()
    if interval is Interval.WEEK:
        day -= timedelta(days=day.weekday())
    elif interval is Interval.MONTH:
        day = day.replace(day=1)
    return datetime.combine(day, time(), zone)


def starts(first: datetime, end: datetime, interval: Interval, zone: ZoneInfo) -> list[datetime]:
    """The starts of all intervals that touch the period, in UTC. Raises `PeriodTooLong`."""
    found: list[datetime] = []
    for start in _walk(floor(first, interval, zone), interval):
        if start >= end:
            break
        if len(found) == MAX_BUCKETS:
            raise PeriodTooLong
        found.append(start.astimezone(UTC))
    return found


def _walk(start: datetime, interval: Interval) -> Iterator[datetime]:
    while True:
        yield start
        start = _next(start, interval)


def _next(start: datetime, interval: Interval) -> datetime:
    match interval:
        case Interval.HOUR:
            return (start.astimezone(UTC) + timedelta(hours=1)).astimezone(start.tzinfo)
        case Interval.DAY:
            return start + timedelta(days=1)
        case Interval.WEEK:
            return start + timedelta(days=7)
        case Interval.MONTH:
            return (start.replace(day=28) + timedelta(days=4)).replace(day=1)


def _instant(value: datetime | date | None, zone: ZoneInfo, *, is_end: bool) -> datetime | None:
    match value:
        case None:
            return None
        case datetime():
            return value if value.tzinfo is not None else value.replace(tzinfo=zone)
        case _:
            day = value + timedelta(days=1) if is_end else value
            return datetime.combine(day, time(), zone)
