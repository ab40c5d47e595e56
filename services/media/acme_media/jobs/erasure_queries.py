"""What is left of a guest beside selfies and tags: faces in photos, mails that wait, and what is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Text, and_, cast, delete, exists, func, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from acme_config.jobs import JobName
from acme_db.access import is_bought
from acme_db.models import (
    ErasureReceipt,
    ErasureState,
    FaceVector,
    HideRequest,
    HideState,
    JobState,
    OutboxJob,
    PhotoFace,
    PhotoTag,
    Purchase,
    Selfie,
    SelfieConflict,
    UserConsent,
)
from acme_db.models.photo_tag import ReviewStatus, TagSource
from acme_db.models.user_consent import ConsentType


@dataclass(frozen=True)
class FaceInPhoto:
    id: UUID
    crop_key: str


async def faces_in_photos(session: AsyncSession, user_id: UUID) -> list[FaceInPhoto]:
    """Faces that are taken for this guest's, and for nobody else's."""
    other = aliased(PhotoTag)
    is_anothers = exists().where(
        other.face_id == PhotoFace.id,
        other.user_id != user_id,
        other.review_status != ReviewStatus.REJECTED,
    )
    statement = (
        select(PhotoFace.id, PhotoFace.crop_key)
        .join(PhotoTag, PhotoTag.face_id == PhotoFace.id)
        .where(PhotoTag.user_id == user_id, PhotoTag.review_status == ReviewStatus.CONFIRMED, ~is_anothers)
    )
    return [FaceInPhoto(row[0], row[1]) for row in (await session.execute(statement)).all()]


async def erase_vectors(session: AsyncSession, faces: Sequence[FaceInPhoto]) -> int:
    statement = delete(FaceVector).where(FaceVector.face_id.in_([face.id for face in faces]))
    return len((await session.scalars(statement.returning(FaceVector.face_id))).all())


async def erase_faces(session: AsyncSession, faces: Sequence[FaceInPhoto]) -> None:
    """Their boxes, and what was made from them; the photo itself stays."""
    await session.execute(delete(PhotoFace).where(PhotoFace.id.in_([face.id for face in faces])))


async def erase_conflicts(session: AsyncSession, user_id: UUID) -> None:
    mine = or_(SelfieConflict.user_id == user_id, SelfieConflict.other_user_id == user_id)
    await session.execute(delete(SelfieConflict).where(mine))


async def forget_hide_requests(session: AsyncSession, user_id: UUID) -> None:
    """What was decided stands, without the guest's words; what was not is nobody's wish any more."""
    mine = HideRequest.user_id == user_id
    await session.execute(delete(HideRequest).where(mine, HideRequest.state == HideState.PENDING))
    await session.execute(update(HideRequest).where(mine).values(reason=null()))


async def drop_waiting_mails(session: AsyncSession, user_id: UUID) -> int:
    statement = (
        delete(OutboxJob)
        .where(
            OutboxJob.name == JobName.SEND_EMAIL,
            OutboxJob.state == JobState.QUEUED,
            OutboxJob.payload["role"].astext == "user",
            OutboxJob.payload["recipient_id"].astext == str(user_id),
        )
        .returning(OutboxJob.id)
    )
    return len((await session.scalars(statement)).all())


async def kept_of(session: AsyncSession, receipt: ErasureReceipt) -> dict[str, int]:
    """What stays, by kind; the words for why are the receipt's."""
    consents = select(func.count()).where(UserConsent.user_id == receipt.user_id)
    kept = {"consents": int(await session.scalar(consents) or 0)}
    if receipt.is_account:
        purchases = select(func.count()).where(Purchase.user_id == receipt.user_id)
        kept["purchases"] = int(await session.scalar(purchases) or 0)
    else:
        bought = select(func.count()).where(
            PhotoTag.user_id == receipt.user_id, PhotoTag.source == TagSource.MANUAL, is_bought()
        )
        kept["bought_photos"] = int(await session.scalar(bought) or 0)
    return {kind: count for kind, count in kept.items() if count}


async def left_behind(session: AsyncSession) -> Sequence[UUID]:
    """Guests of whom something biometric is kept without a consent, and with no erasure under way."""
    consents = exists().where(
        UserConsent.user_id == Selfie.user_id,
        UserConsent.consent_type == ConsentType.BIOMETRIC_PROCESSING,
        UserConsent.revoked_at.is_(None),
    )
    is_being_erased = exists().where(
        ErasureReceipt.user_id == Selfie.user_id, ErasureReceipt.state == ErasureState.PENDING
    )
    has_something = or_(Selfie.embedding.is_not(None), Selfie.crop_key.is_not(None))
    statement = select(Selfie.user_id).where(has_something, ~consents, ~is_being_erased).distinct()
    return (await session.scalars(statement)).all()


async def stalled_erasures(session: AsyncSession, older_than: timedelta) -> Sequence[UUID]:
    """Erasures that no job goes on with: it was given up, or lost with a part of the outbox."""
    goes_on = exists().where(
        OutboxJob.name == JobName.PURGE_BIOMETRICS,
        OutboxJob.state.in_([JobState.QUEUED, JobState.RUNNING]),
        OutboxJob.payload["receipt_id"].astext == cast(ErasureReceipt.id, Text),
    )
    statement = select(ErasureReceipt.id).where(
        and_(
            ErasureReceipt.state == ErasureState.PENDING,
            ErasureReceipt.requested_at < func.now() - older_than,
            ~goes_on,
        )
    )
    return (await session.scalars(statement)).all()


async def known_selfies(session: AsyncSession) -> set[UUID]:
    return set((await session.scalars(select(Selfie.id))).all())
