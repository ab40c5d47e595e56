"""settle_collection: a deleted project leaves no face at the provider; a restored one gets them back."""

from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import SETTLE_COLLECTION, ProjectJob
from acme_jobs.outbox import enqueue
from acme_media.faces.provider import FaceProvider
from acme_media.jobs import provider_queries as queries
from acme_media.jobs.backfill import search
from acme_media.jobs.context import JobContext


class CollectionJobs:
    def __init__(
        self, context: JobContext, provider: FaceProvider | None, *, is_primary: bool = True
    ) -> None:
        """Without a provider nothing is kept outside the database. A shadow enrols when it looks."""
        self._context = context
        self._provider = provider
        self._is_primary = is_primary

    async def settle_collection(self, job: ProjectJob) -> None:
        if self._provider is None:
            return
        async with self._context.sessions() as session:
            is_deleted = await queries.is_deleted(session, job.project_id)
        if is_deleted:
            await self._drop(self._provider, job)
        elif self._is_primary:
            await self._enrol_missing(job)

    async def _drop(self, provider: FaceProvider, job: ProjectJob) -> None:
        await provider.drop(job.project_id)
        async with unit_of_work(self._context.sessions) as session:
            await queries.drop_all_faces(session, job.project_id)
            if not await queries.is_deleted(session, job.project_id, lock=True):
                # Restored while the provider worked: what has just been erased is wanted again.
                await enqueue(session, SETTLE_COLLECTION, job, dedupe_key=str(job.project_id))

    async def _enrol_missing(self, job: ProjectJob) -> None:
        async with unit_of_work(self._context.sessions) as session:
            for user_id in {selfie.user_id for selfie in await queries.not_enrolled(session, job.project_id)}:
                await search(session, job.project_id, user_id)
