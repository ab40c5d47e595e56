"""learn_faces, index_faces: vectors of faces in photos, where somebody has agreed to that."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from acme_core.clock import utc_now
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import BACKFILL_MATCHES, MembershipJob, ProjectJob
from acme_jobs.outbox import enqueue
from acme_media.faces.engine import FaceEngine
from acme_media.jobs import learning_queries as queries
from acme_media.jobs import photo_queries, vector_queries
from acme_media.jobs.context import JobContext
from acme_media.jobs.learning_queries import FaceToEmbed

CHUNK = 64
SETTLED = timedelta(minutes=2)
"""Who reviews confirms one face after another: the photos are searched once for all of these."""


class LearningJobs:
    def __init__(self, context: JobContext, engine: FaceEngine) -> None:
        self._context = context
        self._engine = engine

    async def learn_faces(self, job: MembershipJob) -> None:
        """What people confirmed becomes templates; then photos are compared with these, too."""
        async with self._context.sessions() as session:
            faces = await queries.faces_to_learn(session, job.project_id, job.user_id)
        vectors = await self._embedded(faces)
        if not vectors:
            return
        async with unit_of_work(self._context.sessions) as session:
            if not await photo_queries.lock_consents(session, [job.user_id]):
                return
            await queries.add_templates(session, job.project_id, job.user_id, vectors, self._engine.version)
            key = f"learned:{job.project_id}:{job.user_id}"
            await enqueue(session, BACKFILL_MATCHES, job, dedupe_key=key, run_at=utc_now() + SETTLED)

    async def index_faces(self, job: ProjectJob) -> None:
        """The vectors follow the project's setting: all that are missing, or none."""
        while True:
            async with unit_of_work(self._context.sessions) as session:
                if not await photo_queries.is_indexed(session, job.project_id):
                    await vector_queries.erase_vectors(session, job.project_id)
                    return
                faces = await queries.faces_to_index(session, job.project_id, self._engine.version, CHUNK)
            vectors = await self._embedded(faces)
            if not vectors:
                return
            async with unit_of_work(self._context.sessions) as session:
                if await photo_queries.is_indexed(session, job.project_id):
                    await vector_queries.store_vectors(session, vectors, self._engine.version)

    async def _embedded(self, faces: Sequence[FaceToEmbed]) -> dict[UUID, list[float]]:
        """Nothing where the engine hands out no vectors."""
        crops = await self._context.read_all([face.crop_key for face in faces])
        made = [await self._engine.template(crop) for crop in crops]
        return {face.id: vector for face, vector in zip(faces, made, strict=True) if vector is not None}
