"""backfill_matches: a guest who came late meets the photos that were there before."""

from uuid import UUID

from acme_db.models.project_member import BackfillState
from acme_db.unit_of_work import unit_of_work
from acme_events import channels
from acme_events.catalogue import MatchingProgress
from acme_events.publisher import announce
from acme_jobs.catalogue import MembershipJob, ProjectJob
from acme_media.faces.engine import FaceEngine
from acme_media.faces.rekognition import collection_id
from acme_media.jobs import member_queries as queries
from acme_media.jobs.context import JobContext
from acme_media.jobs.recognition import RecognitionJobs

PROGRESS_EVERY = 10


class BackfillJobs:
    def __init__(self, context: JobContext, engine: FaceEngine, recognition: RecognitionJobs) -> None:
        self._context = context
        self._engine = engine
        self._recognition = recognition

    async def backfill_matches(self, job: MembershipJob) -> None:
        """Idempotent: matching a photo again writes the same tags."""
        if not await self._enrol(job):
            return
        async with self._context.sessions() as session:
            photos = await queries.photos_to_backfill(session, job.project_id)
        await self._progress(job, BackfillState.RUNNING, 0, len(photos))
        for done, photo_id in enumerate(photos, start=1):
            await self._recognition.match(job.project_id, photo_id)
            if done % PROGRESS_EVERY == 0:
                await self._progress(job, BackfillState.RUNNING, done, len(photos))
        await self._progress(job, BackfillState.DONE, len(photos), len(photos))

    async def rematch_project(self, job: ProjectJob) -> None:
        """The bounds have changed: every photo is matched again. What people decided stays."""
        async with self._context.sessions() as session:
            photos = await queries.photos_to_backfill(session, job.project_id)
        for photo_id in photos:
            await self._recognition.match(job.project_id, photo_id)

    async def give_up(self, job: MembershipJob) -> None:
        await self._progress(job, BackfillState.IDLE, 0, 0)

    async def _enrol(self, job: MembershipJob) -> bool:
        """False when this guest may not, or cannot, be found: no consent, no approved selfie."""
        async with self._context.sessions() as session:
            selfies = await queries.approved_selfies(session, job.user_id)
            enrolled = await queries.enrolled_selfies(session, job.project_id, job.user_id)
        for selfie in selfies:
            if selfie.id not in enrolled and selfie.crop_key is not None:
                await self._enrol_one(job.project_id, job.user_id, selfie.id, selfie.crop_key)
        return bool(selfies)

    async def _enrol_one(self, project_id: UUID, user_id: UUID, selfie_id: UUID, crop_key: str) -> None:
        """What was withdrawn while the provider worked is taken back from it at once."""
        crop = await self._context.storage.read(crop_key)
        face_id = await self._engine.enrol(project_id, user_id, selfie_id, crop)
        if face_id is None:
            return
        async with unit_of_work(self._context.sessions) as session:
            is_kept = await queries.lock_enrollable(session, user_id, selfie_id)
            if is_kept:
                collection = collection_id(project_id)
                await queries.add_provider_face(session, selfie_id, project_id, collection, face_id)
        if not is_kept:
            await self._engine.forget(project_id, [face_id])

    async def _progress(self, job: MembershipJob, state: BackfillState, done: int, total: int) -> None:
        async with unit_of_work(self._context.sessions) as session:
            await queries.set_progress(session, job.project_id, job.user_id, state, done, total)
            event = MatchingProgress(project_id=job.project_id, state=state, done=done, total=total)
            announce(session, event, channels.of_user(job.user_id))
