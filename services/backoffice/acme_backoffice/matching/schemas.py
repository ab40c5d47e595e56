from acme_core.schemas import ResponseBody


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
