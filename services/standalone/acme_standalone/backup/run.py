"""A backup, and a restore of it, on the parts that the settings name."""

import asyncio
from dataclasses import dataclass

from sqlalchemy import text

from acme_config.settings import DatabaseSettings, ServerSettings, StorageSettings
from acme_core.clock import utc_now
from acme_db.engine import create_engine
from acme_standalone.backup import database
from acme_standalone.backup.folder import BackupFolder, NotEmptyError
from acme_standalone.backup.objects import fetch_all, put_all
from acme_standalone.verify.objects import owner_of, read_owners
from acme_storage.gateway import ObjectStorage, StorageUnavailable

__all__ = ["StorageUnavailable", "back_up", "restore"]


@dataclass(frozen=True)
class Counts:
    objects: int
    left_out: int = 0


async def back_up(folder: BackupFolder) -> Counts:
    """The objects, then the rows, then the objects again.

    So every file that a row of the dump names was there in one of the two looks: files are written before the
    rows that name them, and taken away after those rows are.
    """
    storage, settings = ObjectStorage(StorageSettings()), DatabaseSettings()
    folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    known, started = folder.known(), utc_now()
    folder.unseal()
    first = await fetch_all(storage, folder, known)
    await asyncio.to_thread(database.dump, settings.url.get_secret_value(), folder.dump)
    objects = {**first, **await fetch_all(storage, folder, first)}
    folder.seal(started, sorted(objects.values(), key=lambda kept: kept.key))
    return Counts(len(objects))


async def restore(folder: BackupFolder) -> Counts:
    """Into an empty database and an empty bucket. What the rows know no owner of is not put back.

    Raises `BackupUnusableError` or `NotEmptyError`.
    """
    storage, settings = ObjectStorage(StorageSettings()), DatabaseSettings()
    objects = await asyncio.to_thread(folder.opened)
    await storage.ensure_bucket(ServerSettings().cors_origins)
    if await storage.list_objects(""):
        raise NotEmptyError("the bucket is not empty")
    engine = create_engine(settings, application_name="restore")
    try:
        async with engine.connect() as connection:
            tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            if await connection.scalar(text(tables)):
                raise NotEmptyError("the database is not empty")
        await asyncio.to_thread(database.restore, settings.url.get_secret_value(), folder.dump)
        owners = await read_owners(engine)
    finally:
        await engine.dispose()
    wanted = [kept for kept in objects if owner_of(kept.key) is None or owner_of(kept.key) in owners]
    return Counts(await put_all(storage, folder, wanted), len(objects) - len(wanted))
