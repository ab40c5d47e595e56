from enum import StrEnum
from uuid import UUID

from acme_config.jobs import QueueName
from acme_core.schemas import ResponseBody, UtcDatetime


class DependencyState(StrEnum):
    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"
    """Only a worker could tell, and none runs."""


class QueueOut(ResponseBody):
    name: QueueName
    waiting: int
    """Jobs whose time has come."""
    scheduled: int
    running: int
    oldest_waiting_s: float
    """0 where none waits."""
    oldest_waiting_job: str | None
    worker_count: int


class RunningJobOut(ResponseBody):
    id: UUID
    name: str
    started_at: UtcDatetime | None
    attempts: int


class WorkerOut(ResponseBody):
    name: str
    """Host, process and run."""
    queue: QueueName
    started_at: UtcDatetime
    jobs: list[RunningJobOut]


class DependencyOut(ResponseBody):
    name: str
    state: DependencyState
    latency_ms: float | None
    told_by: str
    """Who has looked: this service, or the workers that need it."""


class OutboxOut(ResponseBody):
    unpushed: int
    """Due, and not in their queue yet."""


class DeadJobsOut(ResponseBody):
    name: str
    count: int
    last_at: UtcDatetime | None


class SchemaOut(ResponseBody):
    database: str | None
    code: str | None


class VersionsOut(ResponseBody):
    platform: str
    python: str
    database: str
    queue: str | None


class SystemOut(ResponseBody):
    at: UtcDatetime
    queues: list[QueueOut]
    workers: list[WorkerOut]
    dependencies: list[DependencyOut]
    outbox: OutboxOut
    dead_jobs: list[DeadJobsOut]
    schema_revision: SchemaOut
    versions: VersionsOut
