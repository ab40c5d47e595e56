"""`acme seed --scale`."""

import asyncio
import os
from enum import IntEnum

from acme_config.settings import DatabaseSettings
from acme_db.engine import create_engine
from acme_db.schema_version import require_head
from acme_standalone.scale.loading import load
from acme_standalone.scale.shape import Shape


class NoDatabaseError(RuntimeError):
    """Which database is to be filled was not said."""


class Size(IntEnum):
    """Photos; everything else follows from them."""

    SMALL = 10_000
    MEDIUM = 100_000
    FULL = 1_000_000


def seed(size: int) -> None:
    """Only into the database that DATABASE_URL names: never into the running platform's by accident.

    Raises `NoDatabaseError`, `NotEmptyError` or `SchemaNotAtHead`.
    """
    if not os.environ.get("DATABASE_URL"):
        raise NoDatabaseError("set DATABASE_URL to an empty database, brought to head by `acme migrate`")
    asyncio.run(_seed(Shape(size)))


async def _seed(shape: Shape) -> None:
    settings = DatabaseSettings()
    engine = create_engine(settings, application_name="seed")
    try:
        await require_head(engine)
    finally:
        await engine.dispose()
    await load(settings.url.get_secret_value(), shape)
