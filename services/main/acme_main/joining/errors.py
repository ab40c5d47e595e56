from typing import ClassVar

from acme_core.errors import AppError, Conflict, NotFound


class QrTokenNotFound(NotFound):
    code = "qr_token_not_found"
    title = "This code is not known"


class QrTokenGone(AppError):
    code: ClassVar[str] = "qr_token_expired"
    status: ClassVar[int] = 410
    title: ClassVar[str] = "This code has expired"


class QrTokenUsed(QrTokenGone):
    code = "qr_token_used"
    title = "This code has been used; it was for one person"


class TermsRequired(Conflict):
    code = "terms_required"
    title = "Joining needs the event's terms to be accepted"
