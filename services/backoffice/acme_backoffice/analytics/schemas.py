from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from acme_core.schemas import ResponseBody, UtcDatetime


@dataclass(frozen=True)
class Asked:
    """A bare date is a whole day in the operator's time zone."""

    project_id: UUID | None
    start: date | None
    """Or a datetime, which is a date too."""
    end: date | None


class Metric(StrEnum):
    REVENUE = "revenue"
    """Paid in the interval, less what of it has been refunded since; in the operator's currency."""
    PURCHASES = "purchases"
    MEMBERS = "members"
    SELFIES = "selfies"
    PHOTOS = "photos"
    MATCHES = "matches"


class Interval(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Money(ResponseBody):
    currency: str
    gross: int
    refunded: int
    net: int


class PurchaseCounts(ResponseBody):
    pending: int
    paid: int
    failed: int
    refunded: int
    """Of the paid ones, in full."""


class SelfieCounts(ResponseBody):
    pending: int
    approved: int
    rejected: int


class PhotoCounts(ResponseBody):
    processing: int
    ready: int
    failed: int


class TagCounts(ResponseBody):
    confirmed: int
    pending: int
    rejected: int


class Funnel(ResponseBody):
    """Guests who joined in the period, and how far each of them has come by now."""

    joined: int
    consented: int
    selfie: int
    matched: int
    bought: int


class PhotographerFigures(ResponseBody):
    photographer_id: UUID
    name: str
    photos: int
    matches: int
    """Confirmed tags on their photos."""


class FaceFigures(ResponseBody):
    """What faces have cost at a provider; selfies belong to no project, and are left out."""

    engine: str
    """The one that works now; the calls are of all that have."""
    calls: int
    """That the provider charges for."""
    cost_estimate: Decimal
    """Calls times the list price that the settings name."""
    cost_per_photo: Decimal | None
    """Of the photos of the period; null where there are none."""
    currency: str


class SummaryOut(ResponseBody):
    revenue: int
    """Net, in the operator's currency."""
    currency: str
    money: list[Money]
    """By currency: an operator may have changed theirs."""
    purchases: PurchaseCounts
    members: int
    selfies: SelfieCounts
    photos: PhotoCounts
    tags: TagCounts
    funnel: Funnel
    faces: FaceFigures
    photographers: list[PhotographerFigures]


class Bucket(ResponseBody):
    start: UtcDatetime
    value: int


class TimeseriesOut(ResponseBody):
    metric: Metric
    interval: Interval
    timezone: str
    currency: str | None
    """Of revenue."""
    items: list[Bucket]
    """Every interval of the period, the empty ones too."""


class Period(ResponseBody):
    """From `start`, up to but not including `end`; open where null."""

    start: datetime | None
    end: datetime | None
