from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import ConsentDocument as PublishedDocument
from acme_db.models import ErasureReceipt, UserConsent
from acme_db.models.user_consent import ConsentType
from acme_main.consents.documents import ConsentDocument
from acme_main.consents.errors import ConsentNotFound, ReceiptNotFound

DocumentName = tuple[ConsentType, str, str]
"""Type, version and language."""


async def add_documents(session: AsyncSession, documents: Sequence[ConsentDocument]) -> None:
    rows = [
        {
            "consent_type": document.consent_type,
            "version": document.version,
            "language": document.language,
            "text": document.text,
            "sha256": document.sha256,
        }
        for document in documents
    ]
    await session.execute(insert(PublishedDocument).values(rows).on_conflict_do_nothing())


async def published_digests(session: AsyncSession) -> dict[DocumentName, str]:
    statement = select(
        PublishedDocument.consent_type,
        PublishedDocument.version,
        PublishedDocument.language,
        PublishedDocument.sha256,
    )
    return {(row[0], row[1], row[2]): row[3] for row in (await session.execute(statement)).all()}


async def document_of(session: AsyncSession, user_id: UUID, consent_id: UUID) -> PublishedDocument:
    """The text that the guest agreed to. Raises `ConsentNotFound`."""
    statement = (
        select(PublishedDocument)
        .join(
            UserConsent,
            (UserConsent.consent_type == PublishedDocument.consent_type)
            & (UserConsent.document_sha256 == PublishedDocument.sha256),
        )
        .where(UserConsent.id == consent_id, UserConsent.user_id == user_id)
        .order_by(PublishedDocument.version)
        .limit(1)
    )
    document: PublishedDocument | None = await session.scalar(statement)
    if document is None:
        raise ConsentNotFound
    return document


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


async def any_receipt(session: AsyncSession, receipt_id: UUID) -> ErasureReceipt:
    """Whosever: after the account's erasure nobody can sign in for it. Raises `ReceiptNotFound`."""
    receipt = await session.get(ErasureReceipt, receipt_id)
    if receipt is None:
        raise ReceiptNotFound
    return receipt
