from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from acme_config.settings import DatabaseSettings, RedisSettings
from acme_db.engine import create_engine, create_session_factory
from acme_jobs import worker as workers
from acme_jobs.queue import ArqQueue, connect_queue
from acme_standalone.postgres import EmbeddedPostgres
from tests.libs.jobs.outbox_bench import CONTRACT, Bench
from tests.libs.jobs.queue_bench import QueueBench


@pytest.fixture
async def queue(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[QueueBench]:
    monkeypatch.setenv("REDIS_URL", redis_url.removesuffix("/0") + "/6")
    redis = await connect_queue(RedisSettings())
    await redis.flushdb()
    yield QueueBench(redis)
    await redis.aclose()


@pytest.fixture
def no_polling(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that nothing wakes sleeps for longer than a test waits."""
    monkeypatch.setattr("acme_jobs.batching.worker.LONGEST_REST_S", 60.0)


@pytest.fixture
async def bench(
    postgres: EmbeddedPostgres, template: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Bench]:
    monkeypatch.setattr(workers, "CATALOGUE", (CONTRACT,))
    monkeypatch.setattr("acme_jobs.runner.BACKOFF_FIRST_S", 0.05)
    name = f"jobs_{uuid4().hex}"
    monkeypatch.setenv("DATABASE_URL", postgres.create_database(name, template))
    monkeypatch.setenv("REDIS_URL", redis_url.removesuffix("/0") + "/5")
    engine = create_engine(DatabaseSettings(), application_name="tests")
    redis = await connect_queue(RedisSettings())
    await redis.flushdb()
    await ArqQueue(redis, create_session_factory(engine)).is_told_anew()
    yield Bench(create_session_factory(engine), redis)
    await redis.aclose()
    await engine.dispose()
    postgres.drop_database(name)
