"""backfill_matches: a guest who came late meets the photos that were there before."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.members import joined_projects
from acme_db.models.project_member import BackfillState
from acme_db.unit_of_work import unit_of_work
from acme_events import channels
from acme_events.catalogue import MatchingProgress
from acme_events.publisher import announce
from acme_jobs.catalogue import BACKFILL_MATCHES, MembershipJob, ProjectJob
from acme_jobs.outbox import enqueue
from acme_media.faces.engine import FaceEngine
from acme_media.faces.matching import REACH
from acme_media.faces.rekognition import collection_id
from acme_media.jobs import backfill_queries as queries
from acme_media.jobs import member_queries as members
from acme_media.jobs.backfill_queries import Progress
from acme_media.jobs.context import JobContext
from acme_media.jobs.face_index import FaceIndex
from acme_media.jobs.first_match import FirstMatch
from acme_media.jobs.lookalikes import Lookalikes
from acme_media.jobs.recognition import RecognitionJobs
from acme_media.jobs.vector_queries import has_faces_without

FIRST_CHUNK, LARGEST_CHUNK = 20, 160
INDEXED_CHUNK = 2_000


async def search_everywhere(session: AsyncSession, user_id: UUID) -> None:
    """One search for each project that the guest has joined, after a new template of theirs."""
    for project_id in await joined_projects(session, user_id):
        await search(session, project_id, user_id)


async def search(session: AsyncSession, project_id: UUID, user_id: UUID) -> None:
    payload = MembershipJob(project_id=project_id, user_id=user_id)
    await enqueue(session, BACKFILL_MATCHES, payload, dedupe_key=f"{project_id}:{user_id}")


class BackfillJobs:
    def __init__(
        self,
        context: JobContext,
        engine: FaceEngine,
        recognition: RecognitionJobs,
        index: FaceIndex | None = None,
        lookalikes: Lookalikes | None = None,
    ) -> None:
        self._context = context
        self._engine = engine
        self._recognition = recognition
        self._index = index or FaceIndex()
        self._lookalikes = lookalikes

    async def backfill_matches(self, job: MembershipJob) -> None:
        """Newest first, in chunks: each commits what it found, and where to go on after a crash.

        Idempotent: matching a photo again writes the same tags.
        """
        if not await self._enrol(job):
            return
        async with self._context.sessions() as session:
            sought = await queries.sought(session, job.project_id, job.user_id)
            progress = await queries.progress_of(session, job.project_id, job.user_id, sought.digest)
            total = await queries.count_photos(session, job.project_id)
            near = await self._index.photos_within(
                session, job.project_id, self._engine.version, sought.vectors, REACH
            )
            scored = await queries.photos_scored(session, job.project_id, job.user_id)
            since = None if scored else await queries.waits_since(session, job.project_id, job.user_id)
            is_indexed = not await has_faces_without(session, job.project_id, self._engine.version)
        selfies = await self._context.read_all(sought.crop_keys)
        if self._lookalikes is not None and progress.before is None:
            await self._lookalikes.look_for(job, selfies)
        run = _Run(job, sought.digest, selfies, near | scored, FirstMatch(since))
        await self._progress(run, BackfillState.RUNNING, progress, total)
        for size in _chunk_sizes(is_indexed=is_indexed):
            progress, is_last = await self._chunk(run, progress, size)
            if is_last:
                break
            await self._progress(run, BackfillState.RUNNING, progress, max(total, progress.done))
        await self._progress(run, BackfillState.DONE, Progress(progress.done), progress.done)

    async def _chunk(self, run: "_Run", progress: Progress, size: int) -> tuple[Progress, bool]:
        """The photos that the guest may be in are matched in full, and told of one by one."""
        async with self._context.sessions() as session:
            photos = await queries.next_photos(session, run.job.project_id, progress.before, size)
            faces = await queries.faces_without_vector(
                session, [photo_id for photo_id, _ in photos], self._engine.version
            )
        if not photos:
            return progress, True
        crops = await self._context.read_all([face.crop_key for face in faces])
        sifted = await self._engine.sift(run.selfies, crops)
        near = run.near | {face.photo_id for face, may_be in zip(faces, sifted, strict=True) if may_be}
        wanted = [photo_id for photo_id, _ in photos if photo_id in near]
        run.first_match.look(run.job.user_id, await self._recognition.match(run.job.project_id, *wanted))
        photo_id, uploaded_at = photos[-1]
        return Progress(progress.done + len(photos), (uploaded_at, photo_id)), len(photos) < size

    async def rematch_project(self, job: ProjectJob) -> None:
        """The bounds have changed: every photo is matched again. What people decided stays."""
        async with self._context.sessions() as session:
            photos = await members.photos_to_backfill(session, job.project_id)
        await self._recognition.match(job.project_id, *photos)

    async def give_up(self, job: MembershipJob) -> None:
        await self._progress(_Run(job), BackfillState.IDLE, Progress(), 0)

    async def _enrol(self, job: MembershipJob) -> bool:
        """False when this guest may not, or cannot, be found: no consent, no approved selfie."""
        async with self._context.sessions() as session:
            selfies = await members.approved_selfies(session, job.user_id)
            enrolled = await members.enrolled_selfies(session, job.project_id, job.user_id)
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
            is_kept = await members.lock_enrollable(session, user_id, selfie_id)
            if is_kept:
                collection = collection_id(project_id)
                await members.add_provider_face(session, selfie_id, project_id, collection, face_id)
        if not is_kept:
            await self._engine.forget(project_id, [face_id])

    async def _progress(self, run: "_Run", state: BackfillState, progress: Progress, total: int) -> None:
        async with unit_of_work(self._context.sessions) as session:
            await queries.set_progress(session, run.job, state, progress, total, run.digest)
            event = MatchingProgress(
                project_id=run.job.project_id, state=state, done=progress.done, total=total
            )
            announce(session, event, channels.of_user(run.job.user_id))


@dataclass(frozen=True)
class _Run:
    job: MembershipJob
    digest: str | None = None
    selfies: Sequence[bytes] = ()
    near: Set[UUID] = frozenset()
    """Photos to match in full: near by the vectors that are kept, or found before."""
    first_match: FirstMatch = field(default_factory=lambda: FirstMatch(None))


def _chunk_sizes(*, is_indexed: bool) -> Iterator[int]:
    """The first is small, so that the first matches show up at once; without crops none needs to be."""
    size = INDEXED_CHUNK if is_indexed else FIRST_CHUNK
    while True:
        yield size
        size = INDEXED_CHUNK if is_indexed else min(2 * size, LARGEST_CHUNK)
