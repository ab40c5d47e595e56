from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from sqlalchemy import and_, case, delete, exists, func, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from acme_core.faces import FaceBox
from acme_core.photos import FailureCode
from acme_core.watermarks import WatermarkDesign
from acme_db.consents import is_in_force
from acme_db.hiding import blur_version_of, blurred_boxes
from acme_db.models import Operator, Photo, PhotoFace, PhotoTag, Project, UserConsent, Watermark
from acme_db.models.photo import PhotoStatus, RecognitionState, UploadState
from acme_db.models.user_consent import ConsentType
from acme_db.watermarks import Designs, design_of
from acme_jobs.catalogue import WatermarksJob


class Stored(Enum):
    WAITING = "waiting"
    """For the photo's other derivatives."""
    READY = "ready"
    """By this very change."""
    GONE = "gone"
    """Deleted in the meantime."""


@dataclass(frozen=True)
class PhotoToProcess:
    photo: Photo
    operator_id: UUID
    operator_name: str
    timezone: str
    design: WatermarkDesign
    blurred: Sequence[FaceBox] = ()
    """Faces that nobody is to see in what is made of it."""

    @property
    def blur_version(self) -> str | None:
        return blur_version_of(self.blurred)


async def find_photo(session: AsyncSession, photo_id: UUID) -> PhotoToProcess | None:
    """None when there is nothing to do with it: deleted, failed, or not uploaded."""
    own, general = aliased(Watermark), aliased(Watermark)
    statement = (
        select(
            Photo,
            Operator.id,
            Operator.name,
            func.coalesce(Project.timezone, Operator.timezone),
            func.coalesce(own.design, general.design),
        )
        .join(Project, Project.id == Photo.project_id)
        .join(Operator, Operator.id == Project.operator_id)
        .outerjoin(own, own.project_id == Project.id)
        .outerjoin(general, and_(general.operator_id == Operator.id, general.project_id.is_(None)))
        .where(
            Photo.id == photo_id,
            Photo.deleted_at.is_(None),
            Photo.upload_state == UploadState.VERIFIED,
            Photo.status != PhotoStatus.FAILED,
        )
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        return None
    boxes = await blurred_boxes(session, photo_id)
    return PhotoToProcess(row[0], row[1], row[2], row[3], design_of(row[4]), boxes)


async def get_any_photo(session: AsyncSession, photo_id: UUID) -> Photo | None:
    return await session.get(Photo, photo_id)


async def store_derivatives(session: AsyncSession, photo_id: UUID, values: dict[str, object]) -> Stored:
    """The photo is ready once the last of its derivatives is there; which job is last is decided here."""
    found = await session.scalar(
        update(Photo)
        .where(Photo.id == photo_id, Photo.deleted_at.is_(None))
        .values(**values)
        .returning(Photo.id)
    )
    if found is None:
        return Stored.GONE
    statement = (
        update(Photo)
        .where(
            Photo.id == photo_id,
            Photo.status == PhotoStatus.PROCESSING,
            Photo.thumbnail_key.is_not(None),
            Photo.watermarked_key.is_not(None),
        )
        .values(status=PhotoStatus.READY)
        .returning(Photo.id)
    )
    return Stored.WAITING if await session.scalar(statement) is None else Stored.READY


async def keep_digest(session: AsyncSession, photo_id: UUID, sha256: str) -> None:
    """Of a file that came without one. Where the project holds the same file already, it stays unsaid."""
    statement = update(Photo).where(Photo.id == photo_id, Photo.sha256.is_(None)).values(sha256=sha256)
    with suppress(IntegrityError):
        async with session.begin_nested():
            await session.execute(statement)


async def list_stale(
    session: AsyncSession, designs: Designs, job: WatermarksJob, limit: int
) -> Sequence[UUID]:
    """Ready photos whose derivatives carry another design than theirs now, newest first."""
    wanted = (
        case(
            {project_id: designs.version_of(project_id) for project_id in designs.by_project},
            value=Photo.project_id,
            else_=designs.general.version_for(designs.operator_name),
        )
        if designs.by_project
        else literal(designs.general.version_for(designs.operator_name))
    )
    statement = (
        select(Photo.id)
        .join(Project, Project.id == Photo.project_id)
        .where(
            Project.operator_id == job.operator_id,
            Project.deleted_at.is_(None),
            Photo.status == PhotoStatus.READY,
            Photo.deleted_at.is_(None),
            Photo.watermark_version.is_distinct_from(wanted),
        )
        .order_by(Photo.uploaded_at.desc(), Photo.id.desc())
        .limit(limit)
    )
    if job.after_photo_id is not None:
        last = select(Photo.uploaded_at, Photo.id).where(Photo.id == job.after_photo_id)
        place = tuple((await session.execute(last)).one())
        statement = statement.where(tuple_(Photo.uploaded_at, Photo.id) < place)
    return (await session.scalars(statement)).all()


async def lock_ready(session: AsyncSession, photo_id: UUID) -> Photo | None:
    """As it is now, until this transaction has ended. None when it was deleted in the meantime."""
    statement = (
        select(Photo)
        .where(Photo.id == photo_id, Photo.deleted_at.is_(None), Photo.status == PhotoStatus.READY)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    photo: Photo | None = await session.scalar(statement)
    return photo


async def replace_derivatives(session: AsyncSession, photo_id: UUID, values: dict[str, object]) -> None:
    await session.execute(update(Photo).where(Photo.id == photo_id).values(**values))


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


async def lock_given_up(session: AsyncSession, photo_id: UUID) -> Photo | None:
    """None unless it has failed for no fault of its file."""
    statement = select(Photo).where(
        Photo.id == photo_id,
        Photo.deleted_at.is_(None),
        Photo.upload_state == UploadState.VERIFIED,
        Photo.status == PhotoStatus.FAILED,
        Photo.failure_code == FailureCode.PROCESSING_FAILED,
    )
    photo: Photo | None = await session.scalar(statement.with_for_update())
    return photo


async def revive_recognition(session: AsyncSession, photo_id: UUID) -> None:
    """Of a photo that has failed altogether nothing is recognised: it stays as it is."""
    await session.execute(
        update(Photo)
        .where(
            Photo.id == photo_id,
            Photo.deleted_at.is_(None),
            Photo.status != PhotoStatus.FAILED,
            Photo.recognition_state == RecognitionState.FAILED,
        )
        .values(recognition_state=RecognitionState.PENDING)
    )


async def set_recognition(session: AsyncSession, photo_id: UUID, state: RecognitionState) -> bool:
    """Whether it was another one before."""
    statement = (
        update(Photo)
        .where(Photo.id == photo_id, Photo.recognition_state != state)
        .values(recognition_state=state)
        .returning(Photo.id)
    )
    return await session.scalar(statement) is not None


async def replace_faces(
    session: AsyncSession, photo: Photo, faces: Sequence[dict[str, object]]
) -> dict[int, UUID]:
    """The faces of a photo; returns their ids by ordinal.

    One that is found again keeps its id, and what points at it.
    A face that is not found any more stays where a person has decided by it.
    """
    keep = [face["ordinal"] for face in faces]
    is_decided = exists().where(PhotoTag.face_id == PhotoFace.id, PhotoTag.reviewed_at.is_not(None))
    await session.execute(
        delete(PhotoFace).where(PhotoFace.photo_id == photo.id, PhotoFace.ordinal.not_in(keep), ~is_decided)
    )
    if not faces:
        return {}
    owner = {"photo_id": photo.id, "project_id": photo.project_id}
    statement = insert(PhotoFace).values([{**owner, **face} for face in faces])
    changed = {name: statement.excluded[name] for name in faces[0] if name != "ordinal"}
    statement = statement.on_conflict_do_update(index_elements=["photo_id", "ordinal"], set_=changed)
    rows = await session.execute(statement.returning(PhotoFace.ordinal, PhotoFace.id))
    return {row[0]: row[1] for row in rows.all()}


async def set_focus(session: AsyncSession, photo_id: UUID, focus: tuple[float, float] | None) -> None:
    x, y = focus or (None, None)
    await session.execute(update(Photo).where(Photo.id == photo_id).values(focus_x=x, focus_y=y))


async def is_indexed(session: AsyncSession, project_id: UUID) -> bool:
    """Whether vectors of all faces may be kept; turning it off waits until this transaction has ended."""
    statement = (
        select(Project.id)
        .where(Project.id == project_id, Project.face_index_at.is_not(None))
        .with_for_update(read=True)
    )
    return await session.scalar(statement) is not None


async def list_faces(session: AsyncSession, photo_id: UUID) -> Sequence[PhotoFace]:
    statement = select(PhotoFace).where(PhotoFace.photo_id == photo_id).order_by(PhotoFace.ordinal)
    return (await session.scalars(statement)).all()


async def lock_photo(session: AsyncSession, photo_id: UUID) -> bool:
    """One matching of a photo at a time. False when it was deleted."""
    statement = select(Photo.id).where(Photo.id == photo_id, Photo.deleted_at.is_(None)).with_for_update()
    return await session.scalar(statement) is not None


async def project_bounds(session: AsyncSession, project_id: UUID) -> tuple[float | None, float | None]:
    """Of certainty and of review; None is the platform's."""
    statement = select(Project.confirm_confidence, Project.review_confidence).where(Project.id == project_id)
    row = (await session.execute(statement)).one()
    return row[0], row[1]


async def lock_consents(session: AsyncSession, users: Sequence[UUID]) -> set[UUID]:
    """Those who may be found; a withdrawal waits until this transaction has ended, and then erases."""
    statement = (
        select(UserConsent.user_id)
        .where(
            UserConsent.user_id.in_(users),
            UserConsent.consent_type == ConsentType.BIOMETRIC_PROCESSING,
            is_in_force(),
        )
        .order_by(UserConsent.user_id)
        .with_for_update(read=True)
    )
    return set((await session.scalars(statement)).all())
