"""reconcile_faces: what the provider keeps, and what the database says it keeps, are made the same."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog

from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import ProjectJob
from acme_media.faces.provider import FaceProvider
from acme_media.jobs import member_queries as queries
from acme_media.jobs import provider_queries
from acme_media.jobs.backfill import search
from acme_media.jobs.collections import CollectionJobs
from acme_media.jobs.context import JobContext
from acme_media.jobs.leftovers import SETTLED, Leftovers

log = structlog.get_logger()

SECOND_LOOK_S = 5.0
"""A face that is being enrolled is known to the provider first, and to the database a moment later."""


class ReconcileJobs:
    def __init__(
        self,
        context: JobContext,
        provider: FaceProvider | None,
        *,
        second_look_s: float = SECOND_LOOK_S,
        settled: timedelta = SETTLED,
    ) -> None:
        """Without a provider there is nothing to compare with; what is left on our side is found anyway."""
        self._context = context
        self._provider = provider
        self._collections = CollectionJobs(context, provider)
        self._leftovers = Leftovers(context, settled=settled)
        self._second_look_s = second_look_s

    async def reconcile_faces(self) -> None:
        await self._leftovers.clear()
        if self._provider is None:
            return
        async with self._context.sessions() as session:
            projects = await queries.joined_by_anybody(session)
            deleted = await provider_queries.deleted_among(session, projects)
        for project_id in projects:
            if project_id in deleted:
                await self._collections.settle_collection(ProjectJob(project_id=project_id))
            else:
                await self._reconcile(self._provider, project_id)

    async def _reconcile(self, provider: FaceProvider, project_id: UUID) -> None:
        known = await self._known(project_id)
        kept = set(await provider.enrolled(project_id) or ())
        if strangers := kept - known:
            await asyncio.sleep(self._second_look_s)
            strangers -= await self._known(project_id)
            await provider.forget(project_id, sorted(strangers))
            log.warning("stray_faces_erased", project_id=str(project_id), count=len(strangers))
        if lost := known - kept:
            await self._enrol_again(project_id, sorted(lost))

    async def _known(self, project_id: UUID) -> set[str]:
        async with self._context.sessions() as session:
            return await queries.known_faces(session, project_id)

    async def _enrol_again(self, project_id: UUID, face_ids: Sequence[str]) -> None:
        log.warning("lost_faces_enrolled_again", project_id=str(project_id), count=len(face_ids))
        async with unit_of_work(self._context.sessions) as session:
            for user_id in await queries.drop_faces(session, project_id, face_ids):
                await search(session, project_id, user_id)
