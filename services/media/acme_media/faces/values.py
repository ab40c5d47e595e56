from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""RGB, height x width x 3."""
Vectors = NDArray[np.float32]
"""Embeddings, n x 128. Their norms are not 1: the metric is Euclidean."""


@dataclass(frozen=True)
class Box:
    """Of the upright picture's width and height, 0..1."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def within(cls, left: float, top: float, right: float, bottom: float) -> "Box":
        """Detectors see faces that the picture's edge cuts: what lies outside is left out."""
        left, top = min(max(left, 0.0), 1.0), min(max(top, 0.0), 1.0)
        right, bottom = min(max(right, left), 1.0), min(max(bottom, top), 1.0)
        return cls(left, top, right - left, bottom - top)


@dataclass(frozen=True)
class FoundFace:
    box: Box
    size_px: float
    """Longer side of the box in the full-size picture."""
    score: float
    """The detector's; comparable within one engine only."""
    sharpness: float
    """Variance of the Laplacian over the crop; see `quality`."""
    brightness: float
    """Mean luma of the crop, 0..255."""
    crop: bytes
    """A picture of the face, as the engine wants it back: kept privately, never a vector."""
    roll: float | None = None
    """Degrees, clockwise positive, in the upright picture."""
    yaw: float | None = None
    """Degrees; 0 looks at the camera."""


@dataclass(frozen=True)
class Candidate:
    """A guest whom a face may show."""

    user_id: UUID
    confidence: float
    """0..100, on the engine's own scale, before any cap."""
    distance: float | None = None
    """Euclidean; None where the provider tells none."""
