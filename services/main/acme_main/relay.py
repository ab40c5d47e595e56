"""`python -m acme_main.relay`: sweeps the outbox, each second, whatever the other workers are busy with."""

import asyncio
from functools import partial

from acme_config.jobs import JobName, QueueName
from acme_config.settings import DatabaseSettings, RedisSettings, WorkerSettings
from acme_core.background import beside
from acme_jobs.gauges import keep_telling
from acme_jobs.relay import relay_outbox
from acme_jobs.worker import Periodic, Times, WorkerPlan, run_worker
from acme_telemetry.observed import observed_worker
from acme_web.resources import open_data

EVERY_SECOND = Times(seconds=frozenset(range(60)))


async def work(database: DatabaseSettings, redis: RedisSettings, worker: WorkerSettings) -> None:
    async with open_data(database, redis, name="relay") as data:
        sweep = partial(relay_outbox, data.redis, data.sessions)
        plan = WorkerPlan(
            queue=QueueName.RELAY,
            periodic=[Periodic(JobName.RELAY_OUTBOX, EVERY_SECOND, sweep)],
            alive_file=worker.alive_file,
        )
        async with beside(keep_telling(data.redis, data.sessions)):
            await run_worker(plan, data.redis, data.sessions)


def main() -> None:
    with observed_worker("acme-relay"):
        asyncio.run(work(DatabaseSettings(), RedisSettings(), WorkerSettings()))


if __name__ == "__main__":
    main()
