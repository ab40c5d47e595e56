"""From distances to decisions. Pure; the figures are measured (docs/decisions/0005)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from acme_core.matching import SCORE_FLOOR
from acme_media.faces.quality import BLURRED
from acme_media.faces.values import Candidate

STEEPNESS, MIDPOINT = 11.22, 0.538
"""75 at a distance of 0.44, 55 at 0.52."""
CROWD_SLOPE, CROWD_SIZE = 0.038, 150
"""Among N members a stranger's nearest is nearer: the impostor tail falls by e per 0.038."""
REACH = MIDPOINT + math.log(100.0 / SCORE_FLOOR - 1.0) / STEEPNESS
"""The distance beyond which no score comes up to the floor, whatever the crowd."""
MARGIN = 0.06
"""To the second-best person, below which nobody is sure enough."""
SURE_SIZE_PX = 43.0
MIN_SIZE_PX = 28.0


class Band(StrEnum):
    CONFIRMED = "confirmed"
    PENDING = "pending"


@dataclass(frozen=True)
class Bands:
    """Lower bounds, each inclusive, on the engine's scale."""

    confirm: float
    review: float

    def of(self, confidence: float, *, is_capped: bool) -> Band | None:
        """A capped score may go to review at best."""
        if confidence < self.review:
            return None
        return Band.PENDING if is_capped or confidence < self.confirm else Band.CONFIRMED


@dataclass(frozen=True)
class Face:
    """A face of one photo, with everybody it may show."""

    index: int
    size_px: float
    sharpness: float
    candidates: Sequence[Candidate]


@dataclass(frozen=True)
class Score:
    """The one person a face shows best, whatever the bounds make of it."""

    face_index: int
    user_id: UUID
    confidence: float
    """Raw, as the engine found it."""
    distance: float | None
    is_capped: bool
    """Small, blurred or contested: for a person to decide."""


@dataclass(frozen=True)
class Match(Score):
    band: Band


def confidence(distance: float, members: int) -> float:
    """0..100 for a Euclidean distance, in a project of `members` people with an active template."""
    effective = distance + CROWD_SLOPE * math.log(max(1.0, members / CROWD_SIZE))
    return 100.0 / (1.0 + math.exp(min(700.0, STEEPNESS * (effective - MIDPOINT))))


def best_scores(faces: Sequence[Face], floor: float) -> list[Score]:
    """One person per face, one face per person, best first, down to the floor."""
    pairs = [
        (candidate, face)
        for face in faces
        if face.size_px >= MIN_SIZE_PX
        for candidate in face.candidates
        if candidate.confidence >= floor
    ]
    pairs.sort(key=lambda pair: (-pair[0].confidence, pair[1].index, str(pair[0].user_id)))
    taken_faces: set[int] = set()
    taken_users: set[UUID] = set()
    scores: list[Score] = []
    for candidate, face in pairs:
        if face.index in taken_faces or candidate.user_id in taken_users:
            continue
        taken_faces.add(face.index)
        taken_users.add(candidate.user_id)
        is_capped = _is_capped(face, candidate)
        scores.append(
            Score(face.index, candidate.user_id, candidate.confidence, candidate.distance, is_capped)
        )
    return scores


def in_bands(scores: Sequence[Score], bands: Bands) -> list[Match]:
    banded = [(score, bands.of(score.confidence, is_capped=score.is_capped)) for score in scores]
    return [Match(**vars(score), band=band) for score, band in banded if band is not None]


def match_photo(faces: Sequence[Face], bands: Bands) -> list[Match]:
    return in_bands(best_scores(faces, bands.review), bands)


def _is_capped(face: Face, candidate: Candidate) -> bool:
    is_poor = face.size_px < SURE_SIZE_PX or face.sharpness < BLURRED
    return is_poor or _is_contested(face, candidate)


def _is_contested(face: Face, candidate: Candidate) -> bool:
    """Another person is about as near. Providers that tell no distance are not asked."""
    if candidate.distance is None:
        return False
    others = [
        other.distance
        for other in face.candidates
        if other.user_id != candidate.user_id and other.distance is not None
    ]
    return bool(others) and min(others) - candidate.distance < MARGIN
