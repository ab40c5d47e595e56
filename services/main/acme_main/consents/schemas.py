from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from acme_core.schemas import RequestBody, ResponseBody, UtcDatetime, refuse_controls
from acme_db.models.erasure_receipt import ErasureCause, ErasureState
from acme_db.models.user_consent import ConsentType

ReceiptText = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(refuse_controls)]


class DocumentLanguage(StrEnum):
    ENGLISH = "en"
    GERMAN = "de"


class ConsentState(StrEnum):
    ACTIVE = "active"
    OUTDATED = "outdated"
    """The text has changed: nothing new is made of it until the new one is agreed to."""
    REVOKED = "revoked"


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
    superseded_at: UtcDatetime | None
    """Since when matching pauses for want of an answer to the new text."""
    state: ConsentState


class ConsentList(ResponseBody):
    items: list[ConsentOut]
    next_cursor: None = None


class ReceiptOut(ResponseBody):
    id: UUID
    receipt_id: UUID
    selfie_id: UUID | None
    """Only this selfie and what was made from it; null = everything biometric of the guest."""
    state: ErasureState
    cause: ErasureCause
    requested_at: UtcDatetime
    completed_at: UtcDatetime | None
    erased: dict[str, Any]
    """Counts by kind."""
    kept: dict[str, Any]
    """Likewise, of what stays for a reason that the signed document names."""


class ReceiptScope(StrEnum):
    ACCOUNT = "account"
    BIOMETRICS = "biometrics"
    SELFIE = "selfie"


ReceiptCount = Annotated[int, Field(ge=0, le=2_147_483_647)]


class ErasedOut(RequestBody):
    what: ReceiptText
    where: ReceiptText
    count: ReceiptCount


class KeptOut(RequestBody):
    what: ReceiptText
    why: ReceiptText
    count: ReceiptCount


class ReceiptContent(RequestBody):
    """Names nobody: whoever holds it may show it to anybody. Times are text, as they were signed."""

    format: Literal["acme-erasure-receipt/1"] = "acme-erasure-receipt/1"
    issuer: ReceiptText
    receipt_id: UUID
    scope: ReceiptScope
    cause: ErasureCause
    requested_at: ReceiptText
    completed_at: ReceiptText
    erased: Annotated[list[ErasedOut], Field(max_length=50)]
    kept: Annotated[list[KeptOut], Field(max_length=50)]


class SignedReceipt(RequestBody):
    receipt: ReceiptContent
    signature: Annotated[
        str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(refuse_controls)
    ]
    """A compact JWS of `receipt`, its keys sorted and without blanks."""


class ReceiptCheckOut(ResponseBody):
    is_valid: bool
    reason: str | None
    key_id: str | None
    """Of the key that signed it, in `/.well-known/jwks.json`."""


class ReceiptList(ResponseBody):
    items: list[ReceiptOut]
    next_cursor: None = None
