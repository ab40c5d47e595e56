from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, StringConstraints

from acme_core.schemas import RequestBody, ResponseBody, UtcDatetime, refuse_controls
from acme_db.models.erasure_receipt import ErasureState
from acme_db.models.user_consent import ConsentType


class DocumentLanguage(StrEnum):
    ENGLISH = "en"
    GERMAN = "de"


class DocumentOut(ResponseBody):
    consent_type: ConsentType
    language: DocumentLanguage
    version: str
    text: str
    sha256: str


class ConsentGive(RequestBody):
    consent_type: ConsentType
    consent_version: Annotated[
        str, StringConstraints(min_length=1, max_length=20), AfterValidator(refuse_controls)
    ]
    language: DocumentLanguage = DocumentLanguage.ENGLISH
    """Of the text that was shown."""


class ConsentOut(ResponseBody):
    id: UUID
    consent_type: ConsentType
    consent_version: str
    document_sha256: str
    given_at: UtcDatetime
    revoked_at: UtcDatetime | None


class ConsentList(ResponseBody):
    items: list[ConsentOut]
    next_cursor: None = None


class ReceiptOut(ResponseBody):
    id: UUID
    receipt_id: UUID
    selfie_id: UUID | None
    """Only this selfie and what was made from it; null = everything biometric of the guest."""
    state: ErasureState
    requested_at: UtcDatetime
    completed_at: UtcDatetime | None
    erased: dict[str, Any]
    """Counts by kind."""


class ReceiptList(ResponseBody):
    items: list[ReceiptOut]
    next_cursor: None = None
