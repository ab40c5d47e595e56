"""Sets the gauges that tell how the queues are: of all processes together, so it is enough that one does."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable

import structlog
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from acme_config.jobs import QueueName
from acme_db.engine import SessionFactory
from acme_jobs.catalogue import CATALOGUE
from acme_jobs.heartbeat import LiveWorker, live_workers
from acme_jobs.queue import QueueConnection
from acme_jobs.state import DeadJobs, JobsOfAName, dead_jobs, unfinished_jobs
from acme_telemetry.metrics import (
    DEAD_JOBS,
    OUTBOX_UNPUSHED,
    QUEUE_JOBS,
    QUEUE_OLDEST,
    STATE_READ_AT,
    WORKERS,
)

log = structlog.get_logger()

INTERVAL_S = 10.0


async def keep_telling(redis: QueueConnection, sessions: SessionFactory) -> None:
    """While the database is away the last state stays, and `STATE_READ_AT` says how old it is."""
    while True:
        try:
            await tell_once(redis, sessions)
        except (SQLAlchemyError, RedisError, OSError) as error:
            log.warning("state_unavailable", error=type(error).__name__)
        await asyncio.sleep(INTERVAL_S)


async def tell_once(redis: QueueConnection, sessions: SessionFactory) -> None:
    async with sessions() as session:
        unfinished, dead = await unfinished_jobs(session), await dead_jobs(session)
    _tell_queues(unfinished)
    _tell_dead(dead)
    _tell_workers(await live_workers(redis))
    STATE_READ_AT.set_to_current_time()


def _tell_queues(unfinished: Iterable[JobsOfAName]) -> None:
    """Every queue and job each time: what has become none is 0."""
    states: dict[str, Counter[str]] = defaultdict(Counter)
    oldest: dict[str, float] = {}
    for jobs in unfinished:
        states[jobs.queue] += Counter(
            waiting=jobs.waiting, scheduled=jobs.scheduled, running=jobs.running, unpushed=jobs.unpushed
        )
        oldest[jobs.name] = jobs.oldest_s
    for contract in CATALOGUE:
        for state in ("waiting", "scheduled", "running"):
            QUEUE_JOBS.labels(contract.queue, state).set(states[contract.queue][state])
        QUEUE_OLDEST.labels(contract.queue, contract.name).set(oldest.get(contract.name, 0))
    OUTBOX_UNPUSHED.set(sum(counted["unpushed"] for counted in states.values()))


def _tell_dead(dead: Iterable[DeadJobs]) -> None:
    counts = {jobs.name: jobs.count for jobs in dead}
    for contract in CATALOGUE:
        DEAD_JOBS.labels(contract.name).set(counts.get(contract.name, 0))


def _tell_workers(workers: Iterable[LiveWorker]) -> None:
    counts = Counter(worker.queue for worker in workers)
    for queue in QueueName:
        WORKERS.labels(queue).set(counts[queue])
