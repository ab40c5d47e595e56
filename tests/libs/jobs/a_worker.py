"""A worker as a process of its own, to be killed and stopped:

    python -m tests.libs.jobs.a_worker OWNER SECONDS

Each of its jobs notes that it starts and that it ends, and takes SECONDS in between.
"""

import asyncio
import contextlib
import json
import os
import sys
from typing import Any

from arq.connections import RedisSettings, create_pool
from arq.worker import func

from acme_jobs.batching.worker import BatchingWorker

QUEUE = "tests:queue"
STARTED, ENDED = "tests:started", "tests:ended"
LEASE_S = 2.0


async def main(owner: str, seconds: float) -> None:
    # Only what is tested is imported: many of these start, and are waited for.
    redis = await create_pool(RedisSettings.from_dsn(os.environ["REDIS_URL"]))

    note: Any = redis.rpush  # redis-py types it for both kinds of client at once

    async def work(ctx: dict[Any, Any], job_id: str) -> None:
        await note(STARTED, f"{owner} {job_id}")
        await asyncio.sleep(seconds)
        await note(ENDED, f"{owner} {job_id}")

    worker = BatchingWorker(
        [func(work, name="work", keep_result=0, max_tries=5)],
        redis_pool=redis,
        owner=owner,
        queue_name=QUEUE,
        max_jobs=20,
        keep_result=0,
        job_completion_wait=5,
        job_deserializer=json.loads,
    )
    worker.in_progress_timeout_s = LEASE_S
    with contextlib.suppress(asyncio.CancelledError):
        await worker.async_run()
    await asyncio.gather(*worker.tasks.values())
    await redis.aclose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
