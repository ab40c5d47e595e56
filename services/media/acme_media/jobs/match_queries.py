"""What photos are matched by, and the tags that come of it; some photos at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, and_, case, delete, exists, func, null, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.access import is_bought
from acme_db.consents import is_paused
from acme_db.models import FaceVector, MatchScore, Photo, PhotoFace, PhotoTag, Project
from acme_db.models.photo import PhotoStatus, RecognitionState
from acme_db.models.photo_tag import ReviewStatus, TagSource
from acme_db.models.user_consent import ConsentType
from acme_db.tags import confirmed_since
from acme_media.faces.matching import Match, Score
from acme_media.faces.values import Vectors

Seen = tuple[UUID, UUID]
"""A photo and a guest."""


@dataclass(frozen=True)
class KeptFace:
    id: UUID
    photo_id: UUID
    ordinal: int
    size_px: float
    sharpness: float
    crop_key: str
    vector: Vectors | None
    """Of the engine that asks, where all faces are indexed."""


async def kept_faces(session: AsyncSession, photo_ids: Sequence[UUID], engine: str) -> list[KeptFace]:
    is_indexed = exists().where(Project.id == FaceVector.project_id, Project.face_index_at.is_not(None))
    has_vector = and_(FaceVector.face_id == PhotoFace.id, FaceVector.engine == engine, is_indexed)
    statement = (
        select(
            PhotoFace.id,
            PhotoFace.photo_id,
            PhotoFace.ordinal,
            PhotoFace.size_px,
            PhotoFace.sharpness,
            PhotoFace.crop_key,
            FaceVector.embedding,
        )
        .outerjoin(FaceVector, has_vector)
        .where(PhotoFace.photo_id.in_(photo_ids))
        .order_by(PhotoFace.photo_id, PhotoFace.ordinal)
    )
    rows = (await session.execute(statement)).all()
    return [KeptFace(*row[:6], _vector(row[6])) for row in rows]


def _vector(value: object) -> Vectors | None:
    return None if value is None else np.asarray(value, np.float32)


async def denied_by_people(session: AsyncSession, photo_ids: Sequence[UUID]) -> set[Seen]:
    """Of whom a person has said that they are not in the photo."""
    statement = select(PhotoTag.photo_id, PhotoTag.user_id).where(
        PhotoTag.photo_id.in_(photo_ids),
        PhotoTag.review_status == ReviewStatus.REJECTED,
        PhotoTag.reviewed_at.is_not(None),
    )
    return {(row[0], row[1]) for row in (await session.execute(statement)).all()}


async def lock_photos(session: AsyncSession, photo_ids: Iterable[UUID]) -> Sequence[UUID]:
    """One matching of a photo at a time; those that were deleted are left out.

    Photos and then their tags are locked in order, so that two who want the same never wait for each other.
    """
    photos = (
        select(Photo.id)
        .where(Photo.id.in_(list(photo_ids)), Photo.deleted_at.is_(None))
        .order_by(Photo.id)
        .with_for_update()
    )
    found = (await session.scalars(photos)).all()
    tags = select(PhotoTag.id).where(PhotoTag.photo_id.in_(found)).order_by(PhotoTag.id).with_for_update()
    await session.execute(tags)
    return found


async def visible(session: AsyncSession, photo_ids: Sequence[UUID]) -> set[Seen]:
    """Who sees which of these photos now."""
    statement = (
        select(PhotoTag.photo_id, PhotoTag.user_id)
        .join(Photo, Photo.id == PhotoTag.photo_id)
        .where(
            PhotoTag.photo_id.in_(photo_ids),
            PhotoTag.review_status == ReviewStatus.CONFIRMED,
            Photo.status == PhotoStatus.READY,
            Photo.deleted_at.is_(None),
        )
    )
    return {(row[0], row[1]) for row in (await session.execute(statement)).all()}


async def set_recognized(session: AsyncSession, photo_ids: Sequence[UUID]) -> Sequence[UUID]:
    """Those that were not before."""
    statement = (
        update(Photo)
        .where(Photo.id.in_(photo_ids), Photo.recognition_state != RecognitionState.DONE)
        .values(recognition_state=RecognitionState.DONE)
        .returning(Photo.id)
    )
    return (await session.scalars(statement)).all()


async def write_scores(session: AsyncSession, scores: Mapping[UUID, Sequence[Score]]) -> None:
    """The scores of these photos become exactly these; those of guests who may not be compared now stay."""
    is_compared = ~is_paused(MatchScore.user_id, ConsentType.BIOMETRIC_PROCESSING)
    await session.execute(delete(MatchScore).where(MatchScore.photo_id.in_(list(scores)), is_compared))
    rows = [
        {
            "photo_id": photo_id,
            "user_id": score.user_id,
            "confidence": score.confidence,
            "is_capped": score.is_capped,
        }
        for photo_id, found in scores.items()
        for score in found
    ]
    if rows:
        await session.execute(insert(MatchScore).values(rows))


async def write_matches(
    session: AsyncSession,
    matches: Mapping[UUID, Sequence[Match]],
    face_ids: Mapping[tuple[UUID, int], UUID],
    engine: str,
) -> None:
    """The automatic tags of these photos become exactly these.

    What people decided stays; so does what was bought, and what shows a guest who may not be compared now.
    """
    bought = await _bought(session, list(matches))
    found = [
        (photo_id, match)
        for photo_id, some in matches.items()
        for match in some
        if (photo_id, match.user_id) not in bought
    ]
    await _drop_others(session, matches, [(photo_id, match.user_id) for photo_id, match in found])
    if not found:
        return
    statement = insert(PhotoTag).values(
        [
            {
                "photo_id": photo_id,
                "user_id": match.user_id,
                "source": TagSource.AUTO,
                "confidence": match.confidence,
                "review_status": ReviewStatus(match.band),
                "engine": engine,
                "distance": match.distance,
                "face_id": face_ids.get((photo_id, match.face_index)),
                "confirmed_at": func.now() if ReviewStatus(match.band) is ReviewStatus.CONFIRMED else None,
            }
            for photo_id, match in found
        ]
    )
    new = statement.excluded
    is_confirmed = new.review_status == ReviewStatus.CONFIRMED
    changed = {
        name: new[name] for name in ("confidence", "review_status", "engine", "distance", "face_id")
    } | {
        "confirmed_at": case((is_confirmed, confirmed_since(ReviewStatus.CONFIRMED)), else_=null()),
        "updated_at": func.now(),
    }
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["photo_id", "user_id"], set_=changed, where=_is_open()
        )
    )


async def _drop_others(session: AsyncSession, photo_ids: Iterable[UUID], kept: Sequence[Seen]) -> None:
    statement = delete(PhotoTag).where(
        PhotoTag.photo_id.in_(list(photo_ids)),
        PhotoTag.source == TagSource.AUTO,
        _is_open(),
        ~is_bought(),
        ~is_paused(PhotoTag.user_id, ConsentType.BIOMETRIC_PROCESSING),
    )
    if kept:
        statement = statement.where(tuple_(PhotoTag.photo_id, PhotoTag.user_id).not_in(kept))
    await session.execute(statement)


async def _bought(session: AsyncSession, photo_ids: Sequence[UUID]) -> set[Seen]:
    """Matches that a payment rests on: other thresholds do not take a photo away that was paid for."""
    statement = select(PhotoTag.photo_id, PhotoTag.user_id).where(
        PhotoTag.photo_id.in_(photo_ids), PhotoTag.review_status == ReviewStatus.CONFIRMED, is_bought()
    )
    return {(row[0], row[1]) for row in (await session.execute(statement)).all()}


def _is_open() -> ColumnElement[bool]:
    """A condition: no person has decided this tag."""
    return PhotoTag.reviewed_at.is_(None)
