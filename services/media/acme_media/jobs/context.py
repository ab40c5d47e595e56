import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from acme_config.settings import UploadSettings
from acme_db.engine import SessionFactory
from acme_jobs.queue import QueueConnection
from acme_storage.gateway import ObjectStorage

READS_AT_ONCE = 8


@dataclass(frozen=True)
class JobContext:
    """What every media job works with."""

    sessions: SessionFactory
    storage: ObjectStorage
    limits: UploadSettings
    redis: QueueConnection | None = None
    """What workers agree in; without it none waits for another."""

    async def read_all(self, keys: Sequence[str]) -> list[bytes]:
        """The objects, some at a time: each is small, and waits mostly for its answer."""
        some = asyncio.Semaphore(READS_AT_ONCE)

        async def read(key: str) -> bytes:
            async with some:
                return await self.storage.read(key)

        return list(await asyncio.gather(*(read(key) for key in keys)))

    @asynccontextmanager
    async def fetched(self, key: str) -> AsyncIterator[Path]:
        """The object as a local file, for as long as the block lasts. Raises `ObjectMissing`."""
        with tempfile.TemporaryDirectory(prefix="acme-") as folder:
            path = Path(folder) / "object"
            await self.storage.download(key, path)
            yield path
