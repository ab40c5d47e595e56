"""Open to all: a receipt is proof after its account is gone. It names nobody, and its id is secret."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from acme_auth.receipts import ReceiptSigner
from acme_main.consents import receipts
from acme_main.consents.errors import ErasureIncomplete, ReceiptNotFound
from acme_main.consents.schemas import ReceiptCheckOut, SignedReceipt
from acme_storage.gateway import attachment
from acme_web.dependencies import Auth, DbSession
from acme_web.problems import ValidationFailed, problems

KEYS_KEPT_S = 3600

router = APIRouter(prefix="/consents/receipts", tags=["consents"], responses=problems(ValidationFailed))
well_known = APIRouter(prefix="/.well-known", tags=["consents"])


async def _signer(request: Request) -> ReceiptSigner:
    signer: ReceiptSigner = request.app.state.receipts
    return signer


Signer = Annotated[ReceiptSigner, Depends(_signer)]


@router.get(
    "/{receipt_id}/document",
    response_model=SignedReceipt,
    responses=problems(ReceiptNotFound, ErasureIncomplete),
)
async def get_signed_receipt(
    receipt_id: UUID, session: DbSession, auth: Auth, signer: Signer
) -> JSONResponse:
    """The signed file, to be kept; `acme receipt verify` and `POST .../verify` check it."""
    signed = await receipts.signed_receipt(session, signer, auth.settings.issuer, receipt_id)
    headers = {"Content-Disposition": attachment(f"erasure-receipt-{receipt_id}.json")}
    return JSONResponse(signed.model_dump(mode="json"), headers=headers)


@router.post("/verify")
async def verify_signed_receipt(body: SignedReceipt, signer: Signer) -> ReceiptCheckOut:
    return receipts.check_receipt(signer, body)


@well_known.get("/jwks.json")
async def get_receipt_keys(signer: Signer) -> dict[str, list[dict[str, Any]]]:
    """The public keys of receipts, as a JWK set (RFC 7517)."""
    return signer.key_set
