from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.access import is_bought
from acme_db.consents import consents_now, is_in_force
from acme_db.models import (
    ErasureReceipt,
    FaceTemplate,
    Favourite,
    MatchScore,
    Photo,
    PhotoFace,
    PhotoTag,
    ProjectMember,
    ProviderFace,
    Purchase,
    PurchaseArchive,
    Selfie,
    ShadowResult,
    UserConsent,
)
from acme_db.models.photo_tag import ReviewStatus, TagSource
from acme_db.models.selfie import SelfieStatus
from acme_db.models.user_consent import ConsentType


async def without_compiling(session: AsyncSession) -> None:
    """A search over vectors looks expensive to the planner, and takes less than compiling it would."""
    await session.execute(text("SET LOCAL jit = off"))


def active_templates(project_id: UUID) -> CompoundSelect[UUID, list[float] | None]:
    """User and vector of all that may be compared in the project, its members consenting.

    Approved selfies, and faces that a person confirmed, for as long as that decision stands.
    """
    consenting = consents_now(ProjectMember.user_id, ConsentType.BIOMETRIC_PROCESSING)
    members = select(ProjectMember.user_id).where(ProjectMember.project_id == project_id, consenting)
    selfies = select(Selfie.user_id, Selfie.embedding).where(
        Selfie.user_id.in_(members), Selfie.status == SelfieStatus.APPROVED, Selfie.deleted_at.is_(None)
    )
    confirmed = select(FaceTemplate.user_id, FaceTemplate.embedding).where(
        FaceTemplate.project_id == project_id, FaceTemplate.user_id.in_(members), is_confirmed()
    )
    return union_all(selfies, confirmed)


def is_confirmed() -> ColumnElement[bool]:
    return exists().where(
        PhotoTag.face_id == FaceTemplate.face_id,
        PhotoTag.user_id == FaceTemplate.user_id,
        PhotoTag.review_status == ReviewStatus.CONFIRMED,
        PhotoTag.reviewed_at.is_not(None),
    )


async def get_selfie(session: AsyncSession, selfie_id: UUID, *, lock: bool = False) -> Selfie | None:
    statement = select(Selfie).where(Selfie.id == selfie_id)
    selfie: Selfie | None = await session.scalar(statement.with_for_update() if lock else statement)
    return selfie


async def approved_selfies(session: AsyncSession, user_id: UUID) -> Sequence[Selfie]:
    statement = select(Selfie).where(
        Selfie.user_id == user_id,
        Selfie.status == SelfieStatus.APPROVED,
        Selfie.deleted_at.is_(None),
        consents_now(Selfie.user_id, ConsentType.BIOMETRIC_PROCESSING),
    )
    return (await session.scalars(statement)).all()


async def photos_to_backfill(session: AsyncSession, project_id: UUID) -> Sequence[UUID]:
    """Photos whose faces are kept, searched or not; the others will meet the template on their way."""
    statement = select(Photo.id).where(*has_faces(project_id)).order_by(Photo.uploaded_at.desc(), Photo.id)
    return (await session.scalars(statement)).all()


def has_faces(project_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        Photo.project_id == project_id,
        Photo.deleted_at.is_(None),
        exists().where(PhotoFace.photo_id == Photo.id),
    )


async def add_provider_face(
    session: AsyncSession, selfie_id: UUID, project_id: UUID, collection: str, face_id: str
) -> None:
    await session.execute(
        insert(ProviderFace)
        .values(selfie_id=selfie_id, project_id=project_id, collection=collection, face_id=face_id)
        .on_conflict_do_update(
            index_elements=["selfie_id", "project_id"],
            set_={"collection": collection, "face_id": face_id},
        )
    )


async def lock_enrollable(session: AsyncSession, user_id: UUID, selfie_id: UUID) -> bool:
    """Whether the selfie may still be enrolled; a withdrawal waits until this transaction has ended."""
    statement = (
        select(UserConsent.id)
        .join(Selfie, Selfie.user_id == UserConsent.user_id)
        .where(
            UserConsent.user_id == user_id,
            UserConsent.consent_type == ConsentType.BIOMETRIC_PROCESSING,
            is_in_force(),
            Selfie.id == selfie_id,
            Selfie.deleted_at.is_(None),
        )
        .with_for_update(read=True)
    )
    return await session.scalar(statement) is not None


async def joined_by_anybody(session: AsyncSession) -> Sequence[UUID]:
    """Where a provider may keep faces: every project that anybody has joined, deleted ones too."""
    return (await session.scalars(select(ProjectMember.project_id).distinct())).all()


async def known_faces(session: AsyncSession, project_id: UUID) -> set[str]:
    statement = select(ProviderFace.face_id).where(ProviderFace.project_id == project_id)
    return set((await session.scalars(statement)).all())


async def drop_faces(session: AsyncSession, project_id: UUID, face_ids: Iterable[str]) -> Sequence[UUID]:
    """The guests whose enrolments these were."""
    statement = (
        delete(ProviderFace)
        .where(ProviderFace.project_id == project_id, ProviderFace.face_id.in_(list(face_ids)))
        .returning(ProviderFace.selfie_id)
    )
    selfies = (await session.scalars(statement)).all()
    owners = select(Selfie.user_id).where(Selfie.id.in_(selfies)).distinct()
    return (await session.scalars(owners)).all()


async def enrolled_selfies(session: AsyncSession, project_id: UUID, user_id: UUID) -> set[UUID]:
    statement = (
        select(ProviderFace.selfie_id)
        .join(Selfie, Selfie.id == ProviderFace.selfie_id)
        .where(ProviderFace.project_id == project_id, Selfie.user_id == user_id)
    )
    return set((await session.scalars(statement)).all())


async def get_receipt(session: AsyncSession, receipt_id: UUID) -> ErasureReceipt | None:
    return await session.get(ErasureReceipt, receipt_id, with_for_update=True)


async def selfies_to_erase(session: AsyncSession, receipt: ErasureReceipt) -> Sequence[Selfie]:
    """All but those of a consent given since; or the one, with rejected tries that were deleted beside it."""
    statement = select(Selfie).where(Selfie.user_id == receipt.user_id)
    if receipt.selfie_id is not None:
        is_deleted_try = and_(Selfie.status == SelfieStatus.REJECTED, Selfie.deleted_at.is_not(None))
        statement = statement.where(or_(Selfie.id == receipt.selfie_id, is_deleted_try))
    elif not receipt.is_account:
        statement = statement.where(~_is_agreed_to_since(receipt))
    return (await session.scalars(statement)).all()


def _is_agreed_to_since(receipt: ErasureReceipt) -> ColumnElement[bool]:
    """Whoever withdraws and thinks better of it need not wait until the provider has forgotten them."""
    return exists().where(
        UserConsent.user_id == Selfie.user_id,
        UserConsent.consent_type == ConsentType.BIOMETRIC_PROCESSING,
        UserConsent.given_at > receipt.requested_at,
        UserConsent.given_at <= Selfie.created_at,
    )


async def provider_faces(session: AsyncSession, selfie_ids: Sequence[UUID]) -> Sequence[ProviderFace]:
    statement = select(ProviderFace).where(ProviderFace.selfie_id.in_(selfie_ids))
    return (await session.scalars(statement)).all()


async def erase_selfies(session: AsyncSession, selfie_ids: Sequence[UUID]) -> None:
    """Truly deleted: the rows with their vectors."""
    await session.execute(delete(ProviderFace).where(ProviderFace.selfie_id.in_(selfie_ids)))
    await session.execute(delete(Selfie).where(Selfie.id.in_(selfie_ids)))


async def erase_learned(session: AsyncSession, user_id: UUID) -> int:
    """The templates that came of faces which a person confirmed."""
    statement = delete(FaceTemplate).where(FaceTemplate.user_id == user_id).returning(FaceTemplate.face_id)
    return len((await session.scalars(statement)).all())


async def erase_tags(session: AsyncSession, user_id: UUID, *, are_manual_too: bool) -> int:
    """Tags, scores, and marks on photos that no tag shows any more.

    A photo that the guest has paid for stays theirs: its tag forgets that it came of a comparison.
    """
    await session.execute(delete(MatchScore).where(MatchScore.user_id == user_id))
    await session.execute(delete(ShadowResult).where(ShadowResult.user_id == user_id))
    statement = delete(PhotoTag).where(PhotoTag.user_id == user_id).returning(PhotoTag.id)
    if not are_manual_too:
        await _keep_bought(session, user_id)
        statement = statement.where(PhotoTag.source == TagSource.AUTO)
    erased = len((await session.scalars(statement)).all())
    is_tagged = exists().where(PhotoTag.photo_id == Favourite.photo_id, PhotoTag.user_id == user_id)
    await session.execute(delete(Favourite).where(Favourite.user_id == user_id, ~is_tagged))
    return erased


async def _keep_bought(session: AsyncSession, user_id: UUID) -> None:
    by_purchase = {
        "source": TagSource.MANUAL,
        "confidence": 100.0,
        "engine": None,
        "distance": None,
        "face_id": None,
    }
    await session.execute(
        update(PhotoTag)
        .where(PhotoTag.user_id == user_id, PhotoTag.source == TagSource.AUTO, is_bought())
        .values(**by_purchase)
        .execution_options(synchronize_session=False)
    )


async def archives_of(session: AsyncSession, user_id: UUID) -> Sequence[UUID]:
    """The purchases that a ZIP was built of."""
    statement = (
        select(PurchaseArchive.purchase_id)
        .join(Purchase, Purchase.id == PurchaseArchive.purchase_id)
        .where(Purchase.user_id == user_id)
    )
    return (await session.scalars(statement)).all()


async def erase_archives(session: AsyncSession, purchase_ids: Sequence[UUID]) -> None:
    await session.execute(delete(PurchaseArchive).where(PurchaseArchive.purchase_id.in_(purchase_ids)))


async def has_template(session: AsyncSession, user_id: UUID) -> bool:
    statement = select(func.count()).where(
        Selfie.user_id == user_id, Selfie.status == SelfieStatus.APPROVED, Selfie.deleted_at.is_(None)
    )
    return bool(await session.scalar(statement))
