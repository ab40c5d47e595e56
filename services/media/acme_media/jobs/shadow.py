"""shadow_faces: the other engine looks at a photo, and what it would have said is kept to be compared."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from PIL import Image

from acme_core.matching import SCORE_FLOOR
from acme_db.models import Photo
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import SHADOW_FACES, PhotoJob
from acme_jobs.outbox import enqueue
from acme_media.faces.engine import FaceEngine, PermanentFaceError
from acme_media.faces.matching import Bands, Face, Score, best_scores
from acme_media.faces.shadow import compare, opinions
from acme_media.images.decode import load_upright
from acme_media.images.rejection import ImageRejectedError
from acme_media.jobs import photo_queries, shadow_queries
from acme_media.jobs.context import JobContext
from acme_media.jobs.shadow_templates import ShadowTemplates
from acme_storage.gateway import ObjectMissing

log = structlog.get_logger()

PICTURE_SIDE = 3200
"""Of the long side that faces are cut out of."""


class ShadowJobs:
    """Never touches a tag, a score or a face that is shown to anybody."""

    def __init__(
        self,
        context: JobContext,
        primary: FaceEngine,
        shadow: FaceEngine,
        templates: ShadowTemplates,
        bands: Bands,
    ) -> None:
        self._context = context
        self._engines = (primary.version, shadow.version)
        self._shadow = shadow
        self._templates = templates
        self._bands = bands

    async def shadow_faces(self, job: PhotoJob) -> None:
        async with self._context.sessions() as session:
            todo = await photo_queries.find_photo(session, job.photo_id)
        if todo is None:
            return
        await self._templates.complete(todo.photo.project_id)
        try:
            scores = await self._scores(todo.photo)
        except (ImageRejectedError, ObjectMissing, PermanentFaceError) as error:
            log.info("shadow_refused", photo_id=str(todo.photo.id), reason=str(error))
            return
        await self._write(todo.photo, scores)

    async def _scores(self, photo: Photo) -> list[Score]:
        picture = await self._load(photo)
        scale = (photo.width or picture.width) / picture.width
        found = await self._shadow.find_faces(picture)
        candidates = await self._shadow.search(photo.project_id, [face.crop for face in found])
        probes = [
            Face(number, face.size_px * scale, face.sharpness, people)
            for number, (face, people) in enumerate(zip(found, candidates, strict=True))
        ]
        return best_scores(probes, SCORE_FLOOR)

    async def _load(self, photo: Photo) -> Image.Image:
        async with self._context.fetched(photo.storage_key) as path:
            return await asyncio.to_thread(
                load_upright, path, max_pixels=self._context.limits.max_pixels, max_side=PICTURE_SIDE
            )

    async def _write(self, photo: Photo, scores: Sequence[Score]) -> None:
        """A consent withdrawn in the meantime counts: nothing is written for its guest."""
        async with unit_of_work(self._context.sessions) as session:
            if not await photo_queries.lock_photo(session, photo.id):
                return
            confirm, review = await photo_queries.project_bounds(session, photo.project_id)
            bands = Bands(confirm or self._bands.confirm, review or self._bands.review)
            primary = opinions(await shadow_queries.primary_scores(session, photo.id), bands)
            compared = compare(primary, opinions(scores, bands))
            consenting = await photo_queries.lock_consents(session, [item.user_id for item in compared])
            allowed = [item for item in compared if item.user_id in consenting]
            await shadow_queries.write_results(session, photo.id, self._engines, allowed)


def shadowed(
    context: JobContext, run: Callable[[PhotoJob], Awaitable[None]]
) -> Callable[[PhotoJob], Awaitable[None]]:
    """The shadow's job follows its photo's; it is a job of its own, so that it keeps nobody waiting."""

    async def run_and_follow(job: PhotoJob) -> None:
        await run(job)
        async with unit_of_work(context.sessions) as session:
            await enqueue(session, SHADOW_FACES, job, dedupe_key=str(job.photo_id))

    return run_and_follow


async def no_shadow(_: PhotoJob) -> None:
    """A job that was queued before the shadow was turned off."""
