"""Two engines' opinions of one photo, side by side. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from acme_media.faces.matching import Band, Bands, Score


@dataclass(frozen=True)
class Opinion:
    confidence: float
    """On the engine's own scale."""
    band: Band | None
    """What the bounds make of it; none where it is too little even to ask."""


@dataclass(frozen=True)
class Comparison:
    user_id: UUID
    primary: Opinion | None
    shadow: Opinion | None
    """None where the engine does not see the guest at all."""


def opinions(scores: Sequence[Score], bands: Bands) -> dict[UUID, Opinion]:
    return {
        score.user_id: Opinion(score.confidence, bands.of(score.confidence, is_capped=score.is_capped))
        for score in scores
    }


def compare(primary: Mapping[UUID, Opinion], shadow: Mapping[UUID, Opinion]) -> list[Comparison]:
    """Everybody whom either engine sees."""
    return [
        Comparison(user_id, primary.get(user_id), shadow.get(user_id))
        for user_id in sorted(primary.keys() | shadow.keys())
    ]
