from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, case, cast, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.matching.schemas import Bounds, Bucket, Decisions, Outcome
from acme_core.matching import SCORE_FLOOR
from acme_db.models import MatchScore, Photo, PhotoTag
from acme_db.models.photo_tag import ReviewStatus

BUCKET_WIDTH = 1.0
BUCKETS = int((100.0 - SCORE_FLOOR) / BUCKET_WIDTH)


class Band(StrEnum):
    """What bounds make of a score."""

    CONFIRMED = "confirmed"
    PENDING = "pending"
    NONE = "none"


@dataclass(frozen=True)
class Simulation:
    present: Outcome
    simulated: Outcome
    decisions: Decisions
    histogram: list[Bucket]
    """All buckets, empty ones too."""


@dataclass(frozen=True)
class Tally:
    """How many scores share all this."""

    bucket: int
    present: Band
    wanted: Band
    decision: ReviewStatus | None
    """A person's; none where nobody has decided, and where there is no tag."""
    count: int


Condition = Callable[[Tally], bool]


async def simulate(session: AsyncSession, project_id: UUID, present: Bounds, wanted: Bounds) -> Simulation:
    tallies = await _tally(session, project_id, present, wanted)
    return Simulation(
        present=_outcome(tallies, lambda tally: tally.present),
        simulated=_outcome(tallies, lambda tally: tally.wanted),
        decisions=_decisions(tallies),
        histogram=_histogram(tallies),
    )


async def _tally(session: AsyncSession, project_id: UUID, present: Bounds, wanted: Bounds) -> list[Tally]:
    """All scores of a project are read once, from an index that has all of it.

    What is rare is looked up beside it and taken out: decisions, and photos that were deleted.
    """
    is_deleted = exists().where(
        Photo.id == MatchScore.photo_id, Photo.project_id == project_id, Photo.deleted_at.is_not(None)
    )
    decided = and_(
        PhotoTag.project_id == project_id,
        PhotoTag.reviewed_at.is_not(None),
        PhotoTag.photo_id == MatchScore.photo_id,
        PhotoTag.user_id == MatchScore.user_id,
    )
    columns = (
        _bucket().label("bucket"),
        _band(present).label("present"),
        _band(wanted).label("wanted"),
        PhotoTag.review_status,
    )
    statement = (
        select(*columns, func.count())
        .select_from(MatchScore)
        .outerjoin(PhotoTag, decided)
        .where(MatchScore.project_id == project_id, ~is_deleted)
        .group_by(*columns)
    )
    return [
        Tally(bucket, Band(before), Band(after), decision, count)
        for bucket, before, after, decision, count in (await session.execute(statement)).all()
    ]


def _bucket() -> ColumnElement[int]:
    place = cast(func.floor((MatchScore.confidence - SCORE_FLOOR) / BUCKET_WIDTH), Integer)
    return case((place >= BUCKETS, BUCKETS - 1), (place < 0, 0), else_=place)


def _band(bounds: Bounds) -> ColumnElement[str]:
    return case(
        (MatchScore.confidence < bounds.review, Band.NONE.value),
        (and_(MatchScore.confidence >= bounds.confirm, ~MatchScore.is_capped), Band.CONFIRMED.value),
        else_=Band.PENDING.value,
    )


def _count(tallies: Sequence[Tally], condition: Condition) -> int:
    return sum(tally.count for tally in tallies if condition(tally))


def _outcome(tallies: Sequence[Tally], band: Callable[[Tally], Band]) -> Outcome:
    def count(wanted: Band) -> int:
        return _count(tallies, lambda tally: tally.decision is None and band(tally) is wanted)

    return Outcome(confirmed=count(Band.CONFIRMED), pending=count(Band.PENDING), none=count(Band.NONE))


def _decisions(tallies: Sequence[Tally]) -> Decisions:
    by_hand_in = [tally for tally in tallies if tally.decision is ReviewStatus.CONFIRMED]
    by_hand_out = [tally for tally in tallies if tally.decision is ReviewStatus.REJECTED]
    return Decisions(
        confirmed=sum(tally.count for tally in by_hand_in),
        rejected=sum(tally.count for tally in by_hand_out),
        rejected_but_confirmed=_count(by_hand_out, lambda tally: tally.wanted is Band.CONFIRMED),
        confirmed_but_missed=_count(by_hand_in, lambda tally: tally.wanted is Band.NONE),
    )


def _histogram(tallies: Sequence[Tally]) -> list[Bucket]:
    counts: list[dict[ReviewStatus | None, int]] = [{} for _ in range(BUCKETS)]
    for tally in tallies:
        bucket = counts[tally.bucket]
        bucket[tally.decision] = bucket.get(tally.decision, 0) + tally.count
    return [
        Bucket(
            start=SCORE_FLOOR + number * BUCKET_WIDTH,
            end=SCORE_FLOOR + (number + 1) * BUCKET_WIDTH,
            undecided=found.get(None, 0),
            confirmed=found.get(ReviewStatus.CONFIRMED, 0),
            rejected=found.get(ReviewStatus.REJECTED, 0),
        )
        for number, found in enumerate(counts)
    ]
