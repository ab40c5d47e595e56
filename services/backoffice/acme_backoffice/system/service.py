"""How the platform is. Nothing here is about people, so that looking is not written down."""

import platform
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from acme_backoffice.system.queries import Rows, read_rows
from acme_backoffice.system.schemas import (
    DeadJobsOut,
    DependencyOut,
    DependencyState,
    OutboxOut,
    QueueOut,
    RunningJobOut,
    SchemaOut,
    SystemOut,
    VersionsOut,
    WorkerOut,
)
from acme_config.jobs import QueueName
from acme_core.checks import Check, Checked, State, check_all
from acme_core.clock import utc_now
from acme_core.version import VERSION
from acme_jobs.heartbeat import LiveWorker, live_workers
from acme_jobs.queue import QueueConnection, QueueError
from acme_web.resources import DataResources

SERVICE = "backoffice"
SEEN_BY_WORKERS = {"mail": QueueName.MAIN, "faces": QueueName.FACES}
"""What only these workers reach; each tells of it with its heartbeat."""


async def look(data: DataResources, checks: Mapping[str, Check]) -> SystemOut:
    """The queue may be away: then nobody is known to work, and the dependency says why."""
    seen = await check_all(checks)
    rows = await read_rows(data.autocommit)
    workers, queue_version = await _queue(data.redis)
    return SystemOut(
        at=utc_now(),
        queues=[_queue_out(name, rows, workers) for name in QueueName if name is not QueueName.RELAY],
        workers=[_worker_out(worker, rows) for worker in workers],
        dependencies=[*_dependencies(seen), *_seen_by_workers(workers)],
        outbox=OutboxOut(unpushed=sum(jobs.unpushed for jobs in rows.unfinished)),
        dead_jobs=[DeadJobsOut.model_validate(jobs) for jobs in rows.dead],
        schema_revision=SchemaOut(database=rows.revision, code=rows.head),
        versions=VersionsOut(
            platform=VERSION,
            python=platform.python_version(),
            database=rows.version,
            queue=queue_version,
        ),
    )


async def _queue(redis: QueueConnection) -> tuple[Sequence[LiveWorker], str | None]:
    try:
        workers, info = await live_workers(redis), await redis.info("server")
    except (QueueError, OSError):
        return [], None
    version = info.get("valkey_version") or info.get("redis_version")
    return workers, None if version is None else str(version)


def _queue_out(name: QueueName, rows: Rows, workers: Sequence[LiveWorker]) -> QueueOut:
    mine = [jobs for jobs in rows.unfinished if jobs.queue == name]
    oldest = max((jobs for jobs in mine if jobs.waiting), key=lambda jobs: jobs.oldest_s, default=None)
    return QueueOut(
        name=name,
        waiting=sum(jobs.waiting for jobs in mine),
        scheduled=sum(jobs.scheduled for jobs in mine),
        running=sum(jobs.running for jobs in mine),
        oldest_waiting_s=0 if oldest is None else round(oldest.oldest_s, 1),
        oldest_waiting_job=None if oldest is None else oldest.name,
        worker_count=sum(worker.queue is name for worker in workers),
    )


def _worker_out(worker: LiveWorker, rows: Rows) -> WorkerOut:
    jobs = [RunningJobOut.model_validate(job) for job in rows.running if job.worker == worker.name]
    return WorkerOut(name=worker.name, queue=worker.queue, started_at=worker.started_at, jobs=jobs)


def _dependencies(seen: Mapping[str, Checked]) -> Iterator[DependencyOut]:
    for name, checked in seen.items():
        yield _dependency(name, checked, SERVICE)


def _seen_by_workers(workers: Sequence[LiveWorker]) -> Iterator[DependencyOut]:
    """The worst of what they tell: with one of several away, some jobs fail."""
    told: dict[str, list[Checked]] = defaultdict(list)
    for worker in workers:
        for name, checked in worker.dependencies.items():
            told[name].append(checked)
    for name, queue in SEEN_BY_WORKERS.items():
        worst = max(told[name], key=lambda each: (each.state is State.DOWN, each.latency_ms), default=None)
        yield _dependency(name, worst, f"workers of {queue}")


def _dependency(name: str, checked: Checked | None, told_by: str) -> DependencyOut:
    return DependencyOut(
        name=name,
        state=DependencyState.UNKNOWN if checked is None else DependencyState(checked.state),
        latency_ms=None if checked is None else checked.latency_ms,
        told_by=told_by,
    )
