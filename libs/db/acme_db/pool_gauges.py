import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from acme_config.settings import DatabaseSettings
from acme_telemetry.metrics import POOL_IN_USE, POOL_LIMIT

INTERVAL_S = 1.0


async def keep_sampling(engine: AsyncEngine, settings: DatabaseSettings) -> None:
    """Looks from time to time: to count each connection that is taken would cost every request."""
    pool = engine.pool
    assert isinstance(pool, QueuePool)  # noqa: S101 - what `create_engine` makes
    POOL_LIMIT.set(settings.pool_size)
    while True:
        POOL_IN_USE.set(pool.checkedout())
        await asyncio.sleep(INTERVAL_S)
