"""When a delivery that failed is tried again: the schedule that the specification gives as its example."""

import random
from datetime import timedelta

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Before the second try, the third...: ten tries within some three days."""
JITTER = 0.2
LONGEST_ASKED_FOR = timedelta(hours=24)


def delay_after(tries: int, retry_after_s: float | None = None) -> timedelta | None:
    """None after the last try. Up to a fifth longer, so that a crowd does not come back together.

    An endpoint may ask for more time, never for less.
    """
    if tries > len(DELAYS):
        return None
    planned = DELAYS[tries - 1] * random.uniform(1.0, 1.0 + JITTER)  # noqa: S311 - jitter, not a secret
    asked = min(timedelta(seconds=retry_after_s or 0), LONGEST_ASKED_FOR)
    return max(planned, asked)
