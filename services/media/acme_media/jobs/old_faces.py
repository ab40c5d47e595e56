"""erase_old_faces: after an event nobody is looked for any more, and what that took goes."""

from uuid import UUID

import structlog
from sqlalchemy import delete, select

from acme_core.retention import RetentionPolicy, RetentionRule
from acme_db.models import MatchScore, Photo, PhotoFace
from acme_db.retention import due
from acme_db.unit_of_work import unit_of_work
from acme_media.jobs.context import JobContext

log = structlog.get_logger()

BATCH = 500


class OldFaceJobs:
    def __init__(self, context: JobContext, policy: RetentionPolicy) -> None:
        self._context = context
        self._policy = policy

    async def erase_old_faces(self) -> dict[str, int]:
        """How many faces went, by project. Photos, and who was found in them, stay."""
        async with self._context.sessions() as session:
            projects = (await session.scalars(due(RetentionRule.EVENT_FACES, self._policy))).all()
        counts = {str(project_id): await self._erase(project_id) for project_id in projects}
        log.info("old_faces_erased", projects=len(counts), faces=sum(counts.values()))
        return counts

    async def _erase(self, project_id: UUID) -> int:
        """Crops first: a run that breaks off finds by the rows what is left. Vectors go with their face."""
        erased = 0
        while True:
            async with self._context.sessions() as session:
                some = select(PhotoFace.id, PhotoFace.crop_key).join(Photo, Photo.id == PhotoFace.photo_id)
                of_project = some.where(Photo.project_id == project_id).limit(BATCH)
                faces = (await session.execute(of_project)).all()
            await self._context.storage.delete([crop_key for _, crop_key in faces])
            async with unit_of_work(self._context.sessions) as session:
                await session.execute(delete(PhotoFace).where(PhotoFace.id.in_([row[0] for row in faces])))
                if not faces:
                    await session.execute(delete(MatchScore).where(MatchScore.project_id == project_id))
                    return erased
            erased += len(faces)
