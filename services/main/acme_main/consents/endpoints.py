from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response, status

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_db.models.user_consent import ConsentType
from acme_main.consents import service
from acme_main.consents.documents import ConsentTexts
from acme_main.consents.errors import ConsentNotFound, ConsentVersionOutdated, ReceiptNotFound
from acme_main.consents.schemas import (
    ConsentGive,
    ConsentList,
    ConsentOut,
    DocumentLanguage,
    DocumentOut,
    ReceiptList,
    ReceiptOut,
)
from acme_web.dependencies import CurrentUser, DbSession, WrongRole
from acme_web.problems import ValidationFailed, problems

router = APIRouter(prefix="/consents", tags=["consents"], responses=problems(ValidationFailed))


async def _texts(request: Request) -> ConsentTexts:
    texts: ConsentTexts = request.app.state.consent_texts
    return texts


Texts = Annotated[ConsentTexts, Depends(_texts)]


@router.get("/documents/{consent_type}")
async def get_consent_document(
    consent_type: ConsentType, texts: Texts, language: DocumentLanguage = DocumentLanguage.ENGLISH
) -> DocumentOut:
    return DocumentOut.model_validate(texts.current(consent_type, language))


@router.get("", responses=problems(InvalidToken, SessionEnded, WrongRole))
async def list_consents(caller: CurrentUser, session: DbSession, texts: Texts) -> ConsentList:
    return await service.list_consents(session, texts, caller.account_id)


@router.get(
    "/{consent_id}/document", responses=problems(InvalidToken, SessionEnded, WrongRole, ConsentNotFound)
)
async def get_consented_document(consent_id: UUID, caller: CurrentUser, session: DbSession) -> DocumentOut:
    """The text that this consent was given to, whatever is asked for now."""
    return await service.get_document(session, caller.account_id, consent_id)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses={
        **problems(InvalidToken, SessionEnded, WrongRole, ConsentVersionOutdated),
        200: {"model": ConsentOut, "description": "It was given already"},
    },
)
async def give_consent(
    body: ConsentGive, caller: CurrentUser, session: DbSession, texts: Texts, response: Response
) -> ConsentOut:
    consent, is_new = await service.give_consent(session, texts, caller, body)
    response.status_code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
    return consent


@router.get("/receipts", responses=problems(InvalidToken, SessionEnded, WrongRole))
async def list_erasure_receipts(caller: CurrentUser, session: DbSession) -> ReceiptList:
    return await service.list_receipts(session, caller.account_id)


@router.get(
    "/receipts/{receipt_id}", responses=problems(InvalidToken, SessionEnded, WrongRole, ReceiptNotFound)
)
async def get_erasure_receipt(receipt_id: UUID, caller: CurrentUser, session: DbSession) -> ReceiptOut:
    return await service.get_receipt(session, caller.account_id, receipt_id)


@router.delete(
    "/{consent_type}",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(InvalidToken, SessionEnded, WrongRole, ConsentNotFound),
)
async def revoke_consent(consent_type: ConsentType, caller: CurrentUser, session: DbSession) -> ReceiptOut:
    return await service.revoke_consent(session, caller, consent_type)
