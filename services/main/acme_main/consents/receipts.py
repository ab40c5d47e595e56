"""What a receipt of erasure says: what went, from where, when, and what stays and why."""

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.receipts import ReceiptInvalidError, ReceiptSigner, verify_receipt
from acme_core.schemas import to_utc
from acme_db.models import ErasureReceipt
from acme_db.models.erasure_receipt import ErasureState
from acme_main.consents import queries
from acme_main.consents.errors import ErasureIncomplete
from acme_main.consents.schemas import (
    ErasedOut,
    KeptOut,
    ReceiptCheckOut,
    ReceiptContent,
    ReceiptScope,
    SignedReceipt,
)

DATABASE, OBJECTS, PROVIDER, QUEUE = "database", "object store", "face recognition provider", "queue"
PLACES: Final = {
    "selfies": DATABASE,
    "templates": DATABASE,
    "provider_faces": PROVIDER,
    "objects": OBJECTS,
    "automatic_tags": DATABASE,
    "tags": DATABASE,
    "archives": OBJECTS,
    "face_crops": OBJECTS,
    "face_vectors": DATABASE,
    "queued_mails": QUEUE,
    "live_events": QUEUE,
    "account": DATABASE,
}
REASONS: Final = {
    "purchases": "bookkeeping: amount, date and package, without a name",
    "consents": "proof of what was agreed to and when it ended, without a name",
    "bought_photos": "the guest has paid for them; they no longer come of a comparison of faces",
}


async def signed_receipt(
    session: AsyncSession, signer: ReceiptSigner, issuer: str, receipt_id: UUID
) -> SignedReceipt:
    """Raises `ReceiptNotFound`, or `ErasureIncomplete`: nothing is signed before it is true."""
    receipt = await queries.any_receipt(session, receipt_id)
    if receipt.state is not ErasureState.COMPLETED or receipt.completed_at is None:
        raise ErasureIncomplete
    content = _content(receipt, issuer)
    return SignedReceipt(receipt=content, signature=signer.sign(content.model_dump(mode="json")))


def check_receipt(signer: ReceiptSigner, document: SignedReceipt) -> ReceiptCheckOut:
    try:
        kid = verify_receipt(document.model_dump(mode="json"), signer.key_set)
    except ReceiptInvalidError as error:
        return ReceiptCheckOut(is_valid=False, reason=str(error), key_id=None)
    return ReceiptCheckOut(is_valid=True, reason=None, key_id=kid)


def _content(receipt: ErasureReceipt, issuer: str) -> ReceiptContent:
    return ReceiptContent(
        issuer=issuer,
        receipt_id=receipt.id,
        scope=_scope(receipt),
        cause=receipt.cause,
        requested_at=to_utc(receipt.requested_at),
        completed_at=to_utc(receipt.completed_at or receipt.requested_at),
        erased=[
            ErasedOut(what=kind, where=PLACES[kind], count=count)
            for kind, count in sorted(receipt.erased.items())
        ],
        kept=[
            KeptOut(what=kind, why=REASONS[kind], count=count) for kind, count in sorted(receipt.kept.items())
        ],
    )


def _scope(receipt: ErasureReceipt) -> ReceiptScope:
    if receipt.is_account:
        return ReceiptScope.ACCOUNT
    return ReceiptScope.BIOMETRICS if receipt.selfie_id is None else ReceiptScope.SELFIE
