"""One pass behind the jobs of a photo: fetched and decoded once, by whichever of them comes first."""

import asyncio
import hashlib
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from acme_core.photos import FailureCode
from acme_db.models import Photo
from acme_db.models.photo import files_version
from acme_media.images.blur import blur_faces
from acme_media.images.decode import load_pixels
from acme_media.images.derivatives import Thumbnail, Watermarked, cleared_of, thumbnail_of, watermarked_of
from acme_media.images.pixels import Pyramid
from acme_media.images.probe import Probe, probe
from acme_media.images.rejection import ImageRejectedError
from acme_media.images.watermark import WatermarkProfile
from acme_media.jobs.context import JobContext
from acme_media.jobs.photo_queries import PhotoToProcess
from acme_storage import keys
from acme_storage.gateway import ObjectMissing

log = structlog.get_logger()

MOST_KEPT = 8
"""Finished ones that the other job has not taken yet: some megabytes each."""


@dataclass(frozen=True)
class Rendering:
    found: Probe
    sha256: str
    version: str
    """Of the design that `watermarked` carries."""
    blur_version: str | None
    """Of the faces that are blurred in all of it."""
    thumbnail: Thumbnail
    watermarked: Watermarked
    cleared: bytes | None
    """Without a mark; only where a face is blurred, for then the original is nobody's to have."""

    @property
    def files_version(self) -> str:
        return files_version(self.version, self.blur_version)


class Renderings:
    """The jobs stay separate: a job that is tried again, or runs on another worker, renders for itself."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._passes: OrderedDict[UUID, asyncio.Task[Rendering]] = OrderedDict()

    async def take(self, todo: PhotoToProcess) -> Rendering:
        """Raises `ImageRejectedError` or `ObjectMissing`. The second to take it is the last."""
        photo_id = todo.photo.id
        known = self._passes.pop(photo_id, None)
        running = known or asyncio.create_task(self.render(todo))
        if known is None:
            self._keep(photo_id, running)
        return await asyncio.shield(running)  # one job's end is not the other's

    def _keep(self, photo_id: UUID, running: asyncio.Task[Rendering]) -> None:
        running.add_done_callback(_hear)
        self._passes[photo_id] = running
        while len(self._passes) > MOST_KEPT:
            self._passes.popitem(last=False)

    async def render(self, todo: PhotoToProcess) -> Rendering:
        """For whoever shares with nobody. Raises as `take` does."""
        profile = await self._profile(todo)
        async with self._context.fetched(todo.photo.storage_key) as path:
            return await asyncio.to_thread(self._render_file, todo, profile, path)

    async def _profile(self, todo: PhotoToProcess) -> WatermarkProfile:
        """A logo that is gone leaves the text: never an unmarked picture."""
        design, logo = todo.design, None
        if design.logo_id is not None:
            try:
                logo = await self._context.storage.read(keys.watermark_logo(todo.operator_id, design.logo_id))
            except ObjectMissing:
                log.exception("watermark_logo_missing", operator_id=str(todo.operator_id))
        return WatermarkProfile(design.text or todo.operator_name, logo, design)

    def _render_file(self, todo: PhotoToProcess, profile: WatermarkProfile, path: Path) -> Rendering:
        """Blocks. The file must be what was announced, to the byte where a digest was given."""
        digest = _digest(todo.photo, path)
        limit = self._context.limits.max_pixels
        found = probe(
            path,
            max_pixels=limit,
            announced_type=todo.photo.content_type,
            default_zone=ZoneInfo(todo.timezone),
        )
        pyramid = Pyramid(load_pixels(path, max_pixels=limit))
        blur_faces(pyramid.pixels, todo.blurred)
        thumbnail = thumbnail_of(pyramid)
        cleared = cleared_of(pyramid, profile, found.taken_at) if todo.blurred else None
        watermarked = watermarked_of(pyramid, profile, found.taken_at)
        version = todo.design.version_for(todo.operator_name)
        return Rendering(found, digest, version, todo.blur_version, thumbnail, watermarked, cleared)


def _hear(running: asyncio.Task[Rendering]) -> None:
    """What went wrong is told to the jobs; that nobody else asks is no fault."""
    with suppress(asyncio.CancelledError):
        running.exception()


def _digest(photo: Photo, path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if photo.sha256 not in {None, digest}:
        raise ImageRejectedError(FailureCode.DIGEST_MISMATCH)
    return digest
