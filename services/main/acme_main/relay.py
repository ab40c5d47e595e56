"""`python -m acme_main.relay`: sweeps the outbox, each second, whatever the other workers are busy with."""

import asyncio
from functools import partial

from acme_config.jobs import JobName, QueueName
from acme_config.settings import DatabaseSettings, PlatformSettings, RedisSettings, WorkerSettings
from acme_core.logs import configure_logging
from acme_jobs.relay import relay_outbox
from acme_jobs.worker import Periodic, Times, WorkerPlan, run_worker
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
        await run_worker(plan, data.redis, data.sessions)


def main() -> None:
    platform = PlatformSettings()
    configure_logging(level=platform.log_level, as_json=platform.log_json)
    asyncio.run(work(DatabaseSettings(), RedisSettings(), WorkerSettings()))


if __name__ == "__main__":
    main()
