"""Holds the jobs that run against the workers that are alive."""

import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from acme_jobs.heartbeat import TTL_S, dead_workers
from acme_jobs.queue import QueueConnection
from acme_standalone.verify.findings import Finding

RUNNING = "SELECT worker, id FROM outbox_jobs WHERE state = 'running' AND worker IS NOT NULL"
HANDED_BACK_S = TTL_S + 5
"""A dead worker's jobs are given to others within its last heartbeat's life, and a sweep of the relay."""


async def check_workers(engine: AsyncEngine, redis: QueueConnection) -> list[Finding]:
    orphans = await _orphans(engine, redis)
    if orphans:
        await asyncio.sleep(HANDED_BACK_S)
        orphans &= await _orphans(engine, redis)
    return [Finding.of("Every job that runs has a worker that is alive", sorted(orphans))]


async def _orphans(engine: AsyncEngine, redis: QueueConnection) -> set[str]:
    async with engine.connect() as connection:
        running = [(str(worker), str(job)) for worker, job in await connection.execute(text(RUNNING))]
    dead = await dead_workers(redis, {worker for worker, _ in running})
    return {f"{job} of {worker}" for worker, job in running if worker in dead}
