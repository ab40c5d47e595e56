import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from acme_config.settings import UploadSettings
from acme_db.engine import SessionFactory
from acme_jobs.queue import QueueConnection
from acme_storage.gateway import ObjectStorage


@dataclass(frozen=True)
class JobContext:
    """What every media job works with."""

    sessions: SessionFactory
    storage: ObjectStorage
    limits: UploadSettings
    redis: QueueConnection | None = None
    """What workers agree in; without it none waits for another."""

    @asynccontextmanager
    async def fetched(self, key: str) -> AsyncIterator[Path]:
        """The object as a local file, for as long as the block lasts. Raises `ObjectMissing`."""
        with tempfile.TemporaryDirectory(prefix="acme-") as folder:
            path = Path(folder) / "object"
            await self.storage.download(key, path)
            yield path
