from uuid import UUID

from acme_core.retention import RetentionRule
from acme_core.schemas import ResponseBody, UtcDatetime


class DueEvent(ResponseBody):
    project_id: UUID
    name: str
    faces: int
    """Cut out of its photos; none where only scores are left."""


class DueOut(ResponseBody):
    rule: RetentionRule
    kept_days: int
    count: int
    """Events, guests, or archives that have gone by then."""


class RetentionSimulation(ResponseBody):
    """What the retention policy will have taken from the operator's events, as things stand now."""

    on: UtcDatetime
    policy_version: str
    items: list[DueOut]
    events: list[DueEvent]
    """Those whose faces go, the first hundred."""
