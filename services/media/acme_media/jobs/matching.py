"""The kept faces of photos against everybody who may be found now."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import numpy as np

from acme_core.matching import SCORE_FLOOR
from acme_db.unit_of_work import unit_of_work
from acme_events.matches import announce_matches
from acme_media.faces.engine import FaceEngine
from acme_media.faces.matching import Bands, Face, Score, best_scores, in_bands
from acme_media.faces.values import Candidate
from acme_media.jobs import match_queries as queries
from acme_media.jobs.context import JobContext
from acme_media.jobs.match_queries import KeptFace, Seen
from acme_media.jobs.photo_queries import lock_consents, project_bounds
from acme_media.photos.announcements import announce_photo
from acme_webhooks import recording as webhooks

AT_ONCE = 16
"""Photos of one transaction: enough to save its costs, few enough to tell the guest soon."""


class PhotoMatcher:
    def __init__(self, context: JobContext, engine: FaceEngine, bands: Bands) -> None:
        self._context = context
        self._engine = engine
        self._bands = bands

    async def match(self, project_id: UUID, photo_ids: Sequence[UUID]) -> set[Seen]:
        """Who is shown what, and was not before."""
        new: set[Seen] = set()
        for start in range(0, len(photo_ids), AT_ONCE):
            some = photo_ids[start : start + AT_ONCE]
            async with self._context.sessions() as session:
                faces = await queries.kept_faces(session, some, self._engine.version)
            for together in _together(some, faces):
                new |= await self._match(project_id, together)
        return new

    async def _match(self, project_id: UUID, faces: Mapping[UUID, Sequence[KeptFace]]) -> set[Seen]:
        async with self._context.sessions() as session:
            bands = self._bands_of(await project_bounds(session, project_id))
            denied = await queries.denied_by_people(session, list(faces))
        candidates = await self._candidates(project_id, [face for some in faces.values() for face in some])
        floor = min(SCORE_FLOOR, bands.review)
        scores = {
            photo_id: best_scores([_probe(face, candidates[face.id], denied) for face in some], floor)
            for photo_id, some in faces.items()
        }
        ids = {(face.photo_id, face.ordinal): face.id for some in faces.values() for face in some}
        return await self._write(project_id, scores, ids, bands)

    async def _candidates(self, project_id: UUID, faces: Sequence[KeptFace]) -> dict[UUID, list[Candidate]]:
        """A face whose vector is kept needs no crop."""
        vectors = {face.id: face.vector for face in faces if face.vector is not None}
        bare = [face for face in faces if face.id not in vectors]
        found: dict[UUID, list[Candidate]] = {}
        if bare:
            crops = await self._context.read_all([face.crop_key for face in bare])
            seen = await self._engine.search(project_id, crops)
            found |= zip([face.id for face in bare], seen, strict=True)
        if vectors:
            known = await self._engine.search_vectors(project_id, np.stack(list(vectors.values())))
            found |= zip(vectors, known, strict=True)
        return found

    async def _write(
        self,
        project_id: UUID,
        scores: Mapping[UUID, Sequence[Score]],
        face_ids: Mapping[tuple[UUID, int], UUID],
        bands: Bands,
    ) -> set[Seen]:
        """A consent withdrawn while the faces were compared counts: nothing is written for its guest."""
        async with unit_of_work(self._context.sessions) as session:
            photos = await queries.lock_photos(session, scores)
            users = {score.user_id for photo_id in photos for score in scores[photo_id]}
            consenting = await lock_consents(session, list(users))
            allowed = {
                photo_id: [score for score in scores[photo_id] if score.user_id in consenting]
                for photo_id in photos
            }
            seen_before = await queries.visible(session, photos)
            await queries.write_scores(session, allowed)
            matches = {photo_id: in_bands(some, bands) for photo_id, some in allowed.items()}
            await queries.write_matches(session, matches, face_ids, self._engine.version)
            for photo_id in await queries.set_recognized(session, photos):
                await announce_photo(session, photo_id)
            new = await queries.visible(session, photos) - seen_before
            announce_matches(session, project_id, _by_guest(new))
            await webhooks.matches_confirmed(session, project_id, _by_guest(new))
        return new

    def _bands_of(self, bounds: tuple[float | None, float | None]) -> Bands:
        """The project's own, where its operator has set them."""
        confirm, review = bounds
        return Bands(confirm or self._bands.confirm, review or self._bands.review)


def _together(
    photo_ids: Sequence[UUID], faces: Sequence[KeptFace]
) -> Iterator[dict[UUID, Sequence[KeptFace]]]:
    """All photos whose vectors are kept at once; one by one those whose search takes time, or money."""
    by_photo: dict[UUID, list[KeptFace]] = {photo_id: [] for photo_id in photo_ids}
    for face in faces:
        by_photo[face.photo_id].append(face)
    known = {
        photo_id: some for photo_id, some in by_photo.items() if all(face.vector is not None for face in some)
    }
    if known:
        yield dict(known)
    for photo_id, some in by_photo.items():
        if photo_id not in known:
            yield {photo_id: some}


def _probe(face: KeptFace, found: Sequence[Candidate], denied: set[Seen]) -> Face:
    allowed = [candidate for candidate in found if (face.photo_id, candidate.user_id) not in denied]
    return Face(face.ordinal, face.size_px, face.sharpness, allowed)


def _by_guest(seen: set[Seen]) -> dict[UUID, list[UUID]]:
    photos: dict[UUID, list[UUID]] = defaultdict(list)
    for photo_id, user_id in sorted(seen):
        photos[user_id].append(photo_id)
    return photos
