"""How alike two faces are, on a scale that behaves as Rekognition's does."""

import math
from collections.abc import Iterable, Sequence

from acme_standalone.rekognition_standin.store import StoredFace

STEEPNESS, MIDPOINT = 11.22, 0.538
"""Of a Euclidean distance between dlib's vectors: 75 at 0.44, 55 at 0.52 (docs/decisions/0005)."""


def similarity(first: Sequence[float], second: Sequence[float]) -> float:
    return 100.0 / (1.0 + math.exp(STEEPNESS * (math.dist(first, second) - MIDPOINT)))


def matches(
    vector: Sequence[float], faces: Iterable[StoredFace], threshold: float, limit: int
) -> list[tuple[float, StoredFace]]:
    """Best first."""
    scored = [(similarity(vector, face.vector), face) for face in faces]
    found = [pair for pair in scored if pair[0] >= threshold]
    return sorted(found, key=lambda pair: (-pair[0], pair[1].number))[:limit]
