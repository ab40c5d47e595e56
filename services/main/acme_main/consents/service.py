from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_core.clock import utc_now
from acme_db.models import AuditAction, ErasureReceipt, UserConsent
from acme_db.models.user_consent import ConsentType
from acme_jobs.catalogue import PURGE_BIOMETRICS, ErasureJob
from acme_jobs.outbox import enqueue
from acme_main.consents import queries
from acme_main.consents.documents import ConsentTexts
from acme_main.consents.errors import ConsentVersionOutdated
from acme_main.consents.schemas import (
    ConsentGive,
    ConsentList,
    ConsentOut,
    ConsentState,
    DocumentOut,
    ReceiptList,
    ReceiptOut,
)
from acme_main.joining.service import match_late_everywhere


async def list_consents(session: AsyncSession, texts: ConsentTexts, user_id: UUID) -> ConsentList:
    rows = await queries.list_consents(session, user_id)
    return ConsentList(items=[_consent_out(row, texts) for row in rows])


async def get_document(session: AsyncSession, user_id: UUID, consent_id: UUID) -> DocumentOut:
    return DocumentOut.model_validate(await queries.document_of(session, user_id, consent_id))


async def give_consent(
    session: AsyncSession, texts: ConsentTexts, caller: Principal, body: ConsentGive
) -> tuple[ConsentOut, bool]:
    """Raises `ConsentVersionOutdated`: nobody consents to a text that they were not shown.

    What was uploaded while an older consent was paused is caught up with.
    """
    document = texts.current(body.consent_type, body.language)
    if body.consent_version != document.version:
        raise ConsentVersionOutdated
    consent, is_new = await queries.give(session, caller.account_id, document)
    if is_new:
        version = document.version
        record(
            session, AuditAction.CONSENT_GIVEN, caller, consent.id, type=body.consent_type, version=version
        )
        await match_late_everywhere(session, caller.account_id)
    return _consent_out(consent, texts), is_new


async def revoke_consent(session: AsyncSession, caller: Principal, consent_type: ConsentType) -> ReceiptOut:
    """Matching stops with this transaction; what was made from the face is erased by a job."""
    consent = await queries.active_consent(session, caller.account_id, consent_type, lock=True)
    consent.revoked_at = utc_now()
    record(session, AuditAction.CONSENT_REVOKED, caller, consent.id, type=consent_type)
    receipt = ErasureReceipt(user_id=caller.account_id)
    session.add(receipt)
    await session.flush()  # the job needs the receipt's id
    await enqueue(session, PURGE_BIOMETRICS, ErasureJob(receipt_id=receipt.id))
    return receipt_out(receipt)


async def list_receipts(session: AsyncSession, user_id: UUID) -> ReceiptList:
    rows = await queries.list_receipts(session, user_id)
    return ReceiptList(items=[receipt_out(row) for row in rows])


async def get_receipt(session: AsyncSession, user_id: UUID, receipt_id: UUID) -> ReceiptOut:
    return receipt_out(await queries.get_receipt(session, user_id, receipt_id))


def _consent_out(consent: UserConsent, texts: ConsentTexts) -> ConsentOut:
    return ConsentOut(
        id=consent.id,
        consent_type=consent.consent_type,
        consent_version=consent.consent_version,
        document_sha256=consent.document_sha256,
        given_at=consent.given_at,
        revoked_at=consent.revoked_at,
        superseded_at=consent.superseded_at,
        state=_state_of(consent, texts),
    )


def _state_of(consent: UserConsent, texts: ConsentTexts) -> ConsentState:
    """By the texts too: the job that marks what is outdated comes a minute later."""
    if consent.revoked_at is not None:
        return ConsentState.REVOKED
    is_older = consent.consent_version < texts.current_version(consent.consent_type)
    is_outdated = is_older or consent.superseded_at is not None
    return ConsentState.OUTDATED if is_outdated else ConsentState.ACTIVE


def receipt_out(receipt: ErasureReceipt) -> ReceiptOut:
    return ReceiptOut(
        id=receipt.id,
        receipt_id=receipt.id,
        selfie_id=receipt.selfie_id,
        state=receipt.state,
        cause=receipt.cause,
        requested_at=receipt.requested_at,
        completed_at=receipt.completed_at,
        erased=receipt.erased,
        kept=receipt.kept,
    )
