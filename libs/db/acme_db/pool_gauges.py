import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from acme_config.settings import DatabaseSettings
from acme_telemetry.metrics import POOL_IN_USE, POOL_LIMIT

INTERVAL_S = 1.0


async def keep_sampling(engine: AsyncEngine, settings: DatabaseSettings) -> None:
    """Looks from time to time: to count each connection that is taken would cost every request.

    Pools of one process add up, so each tells what changed.
    """
    pool = engine.pool
    assert isinstance(pool, QueuePool)  # noqa: S101 - what `create_engine` makes
    told = 0
    POOL_LIMIT.inc(settings.pool_size)
    try:
        while True:
            in_use = pool.checkedout()
            POOL_IN_USE.inc(in_use - told)
            told = in_use
            await asyncio.sleep(INTERVAL_S)
    finally:
        POOL_IN_USE.dec(told)
        POOL_LIMIT.dec(settings.pool_size)
