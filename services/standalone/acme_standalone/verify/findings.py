"""What a check says."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 5
"""Of what breaks a promise; how many there are is always told."""


@dataclass(frozen=True)
class Finding:
    """How one promise fares. `broken` 0 keeps it."""

    promise: str
    broken: int = 0
    examples: Sequence[str] = ()

    @classmethod
    def of(cls, promise: str, broken: Sequence[str]) -> "Finding":
        return cls(promise, len(broken), broken[:SHOWN])
