"""build_archive: one ZIP of everything that a purchase has unlocked."""

import asyncio
import math
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.engine import SessionFactory
from acme_db.models import ArchiveState
from acme_db.unit_of_work import unit_of_work
from acme_events import channels
from acme_events.catalogue import ArchiveChanged
from acme_events.publisher import announce
from acme_jobs.catalogue import ArchiveJob
from acme_main.jobs import archive_queries as queries
from acme_main.jobs.archive_queries import ArchivedPhoto
from acme_storage import keys
from acme_storage.gateway import ObjectStorage

CONTENT_TYPE = "application/zip"


class PhotosChangedError(Exception):
    """A photo that was packed was hidden, or drawn anew, meanwhile: what was packed is handed to nobody."""


class ArchiveJobs:
    def __init__(
        self, sessions: SessionFactory, storage: ObjectStorage, *, tell_every_s: float = 1.0
    ) -> None:
        self._sessions = sessions
        self._storage = storage
        self._tell_every_s = tell_every_s

    async def build_archive(self, job: ArchiveJob) -> None:
        """Idempotent: built again it replaces itself. Of an account erased meanwhile nothing is left."""
        async with self._sessions() as session:
            photos = await queries.photos_to_archive(session, job.purchase_id)
        key = keys.archive(job.purchase_id)
        with tempfile.TemporaryDirectory(prefix="acme-archive-") as folder:
            path = Path(folder) / "photos.zip"
            await self._pack(path, photos, job.purchase_id)
            await self._storage.write_large(key, path, CONTENT_TYPE)
            size = path.stat().st_size
        async with unit_of_work(self._sessions) as session:
            is_kept = await queries.finish_archive(session, job.purchase_id, key, len(photos), size)
            if is_kept:
                await _require_unchanged(session, job.purchase_id, photos)
                await self._tell(session, job.purchase_id, ArchiveState.READY, len(photos), len(photos))
        if not is_kept:
            await self._storage.delete_prefix(key)

    async def give_up(self, job: ArchiveJob) -> None:
        async with unit_of_work(self._sessions) as session:
            await queries.set_archive_state(session, job.purchase_id, ArchiveState.FAILED)
            await self._tell(session, job.purchase_id, ArchiveState.FAILED)

    async def revive(self, job: ArchiveJob) -> None:
        """Unless it was asked for again meanwhile."""
        async with unit_of_work(self._sessions) as session:
            if await queries.rebuild_failed(session, job.purchase_id):
                await self._tell(session, job.purchase_id, ArchiveState.BUILDING)

    async def _tell(
        self, session: AsyncSession, purchase_id: UUID, state: ArchiveState, done: int = 0, total: int = 0
    ) -> None:
        buyer = await queries.buyer_of(session, purchase_id)
        event = ArchiveChanged(purchase_id=purchase_id, state=state, done=done, total=total)
        announce(session, event, channels.of_user(buyer))

    async def _pack(self, path: Path, photos: Sequence[ArchivedPhoto], purchase_id: UUID) -> None:
        """One photo in memory at a time; photos do not shrink, so they are stored as they are."""
        names, told_at = unique_names([item.filename for item in photos]), -math.inf
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            for done, (photo, name) in enumerate(zip(photos, names, strict=True)):
                if time.monotonic() - told_at >= self._tell_every_s:
                    await self._report(purchase_id, done, len(photos))
                    told_at = time.monotonic()
                body = await self._storage.read(photo.key)
                await asyncio.to_thread(archive.writestr, name, body)

    async def _report(self, purchase_id: UUID, done: int, total: int) -> None:
        async with unit_of_work(self._sessions) as session:
            await queries.set_archive_progress(session, purchase_id, done, total)
            await self._tell(session, purchase_id, ArchiveState.BUILDING, done, total)


async def _require_unchanged(
    session: AsyncSession, purchase_id: UUID, packed: Sequence[ArchivedPhoto]
) -> None:
    """Raises `PhotosChangedError`."""
    if not set(packed) <= set(await queries.photos_to_archive(session, purchase_id)):
        raise PhotosChangedError


def unique_names(filenames: Sequence[str]) -> list[str]:
    """Plain names, each once: `DSC_1.jpg`, `DSC_1-2.jpg`. None leads out of the folder it is unpacked to."""
    taken: set[str] = set()
    names = []
    for filename in filenames:
        plain = PurePosixPath(filename.replace("\\", "/")).name.lstrip(".") or "photo.jpg"
        stem, suffix = PurePosixPath(plain).stem, PurePosixPath(plain).suffix
        name, number = plain, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}{suffix}"
        taken.add(name.casefold())
        names.append(name)
    return names
