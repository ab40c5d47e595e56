from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import ErasureReceipt, UserConsent
from acme_db.models.user_consent import ConsentType
from acme_main.consents.documents import ConsentDocument
from acme_main.consents.errors import ConsentNotFound, ReceiptNotFound


async def list_consents(session: AsyncSession, user_id: UUID) -> Sequence[UserConsent]:
    statement = (
        select(UserConsent).where(UserConsent.user_id == user_id).order_by(UserConsent.given_at.desc())
    )
    return (await session.scalars(statement)).all()


async def give(session: AsyncSession, user_id: UUID, document: ConsentDocument) -> tuple[UserConsent, bool]:
    """The active consent, and whether it is new; a consent to an older text ends with this one."""
    await session.execute(
        update(UserConsent)
        .where(
            UserConsent.user_id == user_id,
            UserConsent.consent_type == document.consent_type,
            UserConsent.revoked_at.is_(None),
            UserConsent.consent_version != document.version,
        )
        .values(revoked_at=func.now())
    )
    statement = (
        insert(UserConsent)
        .values(
            user_id=user_id,
            consent_type=document.consent_type,
            consent_version=document.version,
            document_sha256=document.sha256,
        )
        .on_conflict_do_nothing(
            index_elements=["user_id", "consent_type"], index_where=text("revoked_at IS NULL")
        )
        .returning(UserConsent)
    )
    created: UserConsent | None = await session.scalar(statement)
    if created is not None:
        return created, True
    return await active_consent(session, user_id, document.consent_type), False


async def active_consent(
    session: AsyncSession, user_id: UUID, consent_type: ConsentType, *, lock: bool = False
) -> UserConsent:
    """Raises `ConsentNotFound`."""
    statement = select(UserConsent).where(
        UserConsent.user_id == user_id,
        UserConsent.consent_type == consent_type,
        UserConsent.revoked_at.is_(None),
    )
    consent: UserConsent | None = await session.scalar(statement.with_for_update() if lock else statement)
    if consent is None:
        raise ConsentNotFound
    return consent


async def list_receipts(session: AsyncSession, user_id: UUID) -> Sequence[ErasureReceipt]:
    statement = select(ErasureReceipt).where(ErasureReceipt.user_id == user_id)
    return (await session.scalars(statement.order_by(ErasureReceipt.requested_at.desc()))).all()


async def get_receipt(session: AsyncSession, user_id: UUID, receipt_id: UUID) -> ErasureReceipt:
    """Raises `ReceiptNotFound`."""
    receipt = await session.scalar(
        select(ErasureReceipt).where(ErasureReceipt.id == receipt_id, ErasureReceipt.user_id == user_id)
    )
    if receipt is None:
        raise ReceiptNotFound
    return receipt
