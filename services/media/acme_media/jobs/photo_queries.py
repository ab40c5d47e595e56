from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import Operator, Photo, PhotoFace, PhotoTag, Project
from acme_db.models.photo import PhotoStatus, RecognitionState, UploadState
from acme_db.models.photo_tag import ReviewStatus, TagSource
from acme_media.faces.matching import Match
from acme_media.images.rejection import FailureCode


@dataclass(frozen=True)
class PhotoToProcess:
    photo: Photo
    operator_name: str
    timezone: str


async def find_photo(session: AsyncSession, photo_id: UUID) -> PhotoToProcess | None:
    """None when there is nothing to do with it: deleted, failed, or not uploaded."""
    statement = (
        select(Photo, Operator.name, func.coalesce(Project.timezone, Operator.timezone))
        .join(Project, Project.id == Photo.project_id)
        .join(Operator, Operator.id == Project.operator_id)
        .where(
            Photo.id == photo_id,
            Photo.deleted_at.is_(None),
            Photo.upload_state == UploadState.VERIFIED,
            Photo.status != PhotoStatus.FAILED,
        )
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else PhotoToProcess(row[0], row[1], row[2])


async def get_any_photo(session: AsyncSession, photo_id: UUID) -> Photo | None:
    return await session.get(Photo, photo_id)


async def store_derivatives(session: AsyncSession, photo_id: UUID, values: dict[str, object]) -> None:
    """The photo is ready once the last of its derivatives is there; which job is last is decided here."""
    await session.execute(update(Photo).where(Photo.id == photo_id).values(**values))
    await session.execute(
        update(Photo)
        .where(
            Photo.id == photo_id,
            Photo.status == PhotoStatus.PROCESSING,
            Photo.thumbnail_key.is_not(None),
            Photo.watermarked_key.is_not(None),
        )
        .values(status=PhotoStatus.READY)
    )


async def fail_photo(session: AsyncSession, photo_id: UUID, code: FailureCode) -> None:
    """The first failure is the one that is told."""
    await session.execute(
        update(Photo)
        .where(Photo.id == photo_id, Photo.status == PhotoStatus.PROCESSING)
        .values(
            status=PhotoStatus.FAILED,
            failure_code=code,
            recognition_state=case(
                (Photo.recognition_state == RecognitionState.PENDING, RecognitionState.FAILED),
                else_=Photo.recognition_state,
            ),
        )
    )


async def set_recognition(session: AsyncSession, photo_id: UUID, state: RecognitionState) -> None:
    await session.execute(update(Photo).where(Photo.id == photo_id).values(recognition_state=state))


async def replace_faces(session: AsyncSession, photo_id: UUID, faces: Sequence[dict[str, object]]) -> None:
    """The faces of a photo, by ordinal: a second run writes the same rows."""
    keep = [face["ordinal"] for face in faces]
    await session.execute(
        delete(PhotoFace).where(PhotoFace.photo_id == photo_id, PhotoFace.ordinal.not_in(keep))
    )
    if not faces:
        return
    statement = insert(PhotoFace).values([{"photo_id": photo_id, **face} for face in faces])
    changed = {name: statement.excluded[name] for name in faces[0] if name != "ordinal"}
    await session.execute(
        statement.on_conflict_do_update(index_elements=["photo_id", "ordinal"], set_=changed)
    )


async def list_faces(session: AsyncSession, photo_id: UUID) -> Sequence[PhotoFace]:
    statement = select(PhotoFace).where(PhotoFace.photo_id == photo_id).order_by(PhotoFace.ordinal)
    return (await session.scalars(statement)).all()


async def lock_photo(session: AsyncSession, photo_id: UUID) -> bool:
    """One matching of a photo at a time. False when it was deleted."""
    statement = select(Photo.id).where(Photo.id == photo_id, Photo.deleted_at.is_(None)).with_for_update()
    return await session.scalar(statement) is not None


async def write_matches(
    session: AsyncSession,
    photo_id: UUID,
    matches: Sequence[Match],
    face_ids: dict[int, UUID],
    engine: str,
) -> None:
    """The automatic tags of a photo become exactly these; what a person decided stays as it is."""
    users = [match.user_id for match in matches]
    await session.execute(
        delete(PhotoTag).where(
            PhotoTag.photo_id == photo_id,
            PhotoTag.source == TagSource.AUTO,
            PhotoTag.reviewed_at.is_(None),
            PhotoTag.user_id.not_in(users),
        )
    )
    for match in matches:
        values = {
            "confidence": match.confidence,
            "review_status": ReviewStatus(match.band),
            "engine": engine,
            "distance": match.distance,
            "face_id": face_ids.get(match.face_index),
        }
        statement = insert(PhotoTag).values(
            photo_id=photo_id, user_id=match.user_id, source=TagSource.AUTO, **values
        )
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=["photo_id", "user_id"],
                set_={**values, "updated_at": func.now()},
                where=PhotoTag.reviewed_at.is_(None),
            )
        )
