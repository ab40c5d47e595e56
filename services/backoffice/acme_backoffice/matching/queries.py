from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.matching.schemas import Bounds, Bucket, Decisions, Outcome
from acme_core.matching import SCORE_FLOOR
from acme_db.models import MatchScore, Photo, PhotoTag
from acme_db.models.photo_tag import ReviewStatus

BUCKET_WIDTH = 1.0
BUCKETS = int((100.0 - SCORE_FLOOR) / BUCKET_WIDTH)

_is_decided = PhotoTag.reviewed_at.is_not(None)
_by_hand_in = and_(_is_decided, PhotoTag.review_status == ReviewStatus.CONFIRMED)
_by_hand_out = and_(_is_decided, PhotoTag.review_status == ReviewStatus.REJECTED)
_is_undecided = PhotoTag.reviewed_at.is_(None)
"""True as well where there is no tag."""


@dataclass(frozen=True)
class Simulation:
    present: Outcome
    simulated: Outcome
    decisions: Decisions


def _is_certain(bounds: Bounds) -> ColumnElement[bool]:
    return and_(MatchScore.confidence >= bounds.confirm, ~MatchScore.is_capped)


def _is_asked(bounds: Bounds) -> ColumnElement[bool]:
    return and_(MatchScore.confidence >= bounds.review, ~_is_certain(bounds))


def _is_nothing(bounds: Bounds) -> ColumnElement[bool]:
    return MatchScore.confidence < bounds.review


Columns = TypeVarTuple("Columns")


def _of_project(statement: Select[*Columns], project_id: UUID) -> Select[*Columns]:
    return (
        statement.select_from(MatchScore)
        .join(Photo, Photo.id == MatchScore.photo_id)
        .outerjoin(
            PhotoTag,
            and_(PhotoTag.photo_id == MatchScore.photo_id, PhotoTag.user_id == MatchScore.user_id),
        )
        .where(Photo.project_id == project_id, Photo.deleted_at.is_(None))
    )


async def simulate(session: AsyncSession, project_id: UUID, present: Bounds, wanted: Bounds) -> Simulation:
    bands = (_is_certain, _is_asked, _is_nothing)
    counted = [and_(_is_undecided, band(bounds)) for bounds in (present, wanted) for band in bands]
    counted += [
        _by_hand_in,
        _by_hand_out,
        and_(_by_hand_out, _is_certain(wanted)),
        and_(_by_hand_in, _is_nothing(wanted)),
    ]
    statement = _of_project(select(*(func.count().filter(condition) for condition in counted)), project_id)
    counts = [int(count) for count in (await session.execute(statement)).one()]
    return Simulation(_outcome(counts[0:3]), _outcome(counts[3:6]), _decisions(counts[6:10]))


async def histogram(session: AsyncSession, project_id: UUID) -> list[Bucket]:
    """All buckets, empty ones too."""
    place = cast(func.floor((MatchScore.confidence - SCORE_FLOOR) / BUCKET_WIDTH), Integer)
    bounded = case((place >= BUCKETS, BUCKETS - 1), (place < 0, 0), else_=place).label("place")
    statement = _of_project(
        select(
            bounded,
            func.count().filter(_is_undecided),
            func.count().filter(_by_hand_in),
            func.count().filter(_by_hand_out),
        ),
        project_id,
    ).group_by(bounded)
    found = {row[0]: (row[1], row[2], row[3]) for row in (await session.execute(statement)).all()}
    return [_bucket(number, found.get(number, (0, 0, 0))) for number in range(BUCKETS)]


def _outcome(counts: Sequence[int]) -> Outcome:
    confirmed, pending, none = counts
    return Outcome(confirmed=confirmed, pending=pending, none=none)


def _decisions(counts: Sequence[int]) -> Decisions:
    confirmed, rejected, wrongly_shown, missed = counts
    return Decisions(
        confirmed=confirmed,
        rejected=rejected,
        rejected_but_confirmed=wrongly_shown,
        confirmed_but_missed=missed,
    )


def _bucket(number: int, counts: tuple[int, int, int]) -> Bucket:
    start = SCORE_FLOOR + number * BUCKET_WIDTH
    undecided, confirmed, rejected = counts
    return Bucket(
        start=start, end=start + BUCKET_WIDTH, undecided=undecided, confirmed=confirmed, rejected=rejected
    )
