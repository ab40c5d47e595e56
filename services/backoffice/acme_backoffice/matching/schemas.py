from enum import StrEnum
from uuid import UUID

from acme_core.pages import Page
from acme_core.schemas import ResponseBody, UtcDatetime
from acme_db.models.photo_tag import ReviewStatus


class Bounds(ResponseBody):
    """Lower bounds of confidence, each inclusive."""

    confirm: float
    review: float


class Outcome(ResponseBody):
    """Pairs of photo and guest that nobody has decided on, by what the bounds make of them."""

    confirmed: int
    pending: int
    none: int


class Decisions(ResponseBody):
    """What people decided already, against what the bounds alone would have done."""

    confirmed: int
    rejected: int
    rejected_but_confirmed: int
    """Rejected by a person; the bounds would show them to a guest."""
    confirmed_but_missed: int
    """Confirmed by a person; the bounds would not even ask."""


class Bucket(ResponseBody):
    """Scores from `start` up to, not including, `end`; the last holds its end too."""

    start: float
    end: float
    undecided: int
    confirmed: int
    """By a person, likewise the next."""
    rejected: int


class SimulationOut(ResponseBody):
    present_bounds: Bounds
    bounds: Bounds
    present: Outcome
    simulated: Outcome
    decisions: Decisions
    histogram: list[Bucket]


class Verdict(StrEnum):
    """On a guest in a photo, of two engines under the project's present bounds at the time."""

    AGREED = "agreed"
    ONLY_PRIMARY = "only_primary"
    """Only the engine whose tags are shown would show the photo, or ask about it."""
    ONLY_SHADOW = "only_shadow"
    OTHER_BAND = "other_band"
    """One is certain, the other would ask."""


class ShadowCounts(ResponseBody):
    """Pairs of photo and guest that at least one engine sees."""

    agreed: int
    only_primary: int
    only_shadow: int
    other_band: int


class EngineOpinion(ResponseBody):
    engine: str
    score: float | None
    """On the engine's own scale; null where it did not see the guest."""
    band: str | None
    """confirmed or pending; null where it would neither show the photo nor ask."""


class DifferenceOut(ResponseBody):
    photo_id: UUID
    user_id: UUID
    name: str
    verdict: Verdict
    primary: EngineOpinion
    shadow: EngineOpinion
    tag_id: UUID | None
    review_status: ReviewStatus | None
    """What the guest's tag on the photo is by now; null, as its id, where there is none."""
    thumbnail_url: str | None
    photo_url: str | None
    face_url: str | None
    """Only the face that the tag is about; null where no engine that shows tags has named one."""
    selfie_url: str | None
    compared_at: UtcDatetime


class ShadowOut(ResponseBody):
    is_on: bool
    """Whether new photos are compared; what was compared before is told either way."""
    counts: ShadowCounts
    differences: Page[DifferenceOut]
    """Newest first."""
