from acme_core.errors import Conflict, Forbidden, NotFound


class ConsentRequired(Forbidden):
    code = "consent_required"
    title = "This needs the guest's consent to biometric processing"


class ConsentVersionOutdated(Conflict):
    code = "consent_version_outdated"
    title = "The consent text has changed; show the present version"


class ConsentNotFound(NotFound):
    code = "consent_not_found"
    title = "There is no active consent of this type"


class ErasureIncomplete(Conflict):
    code = "erasure_incomplete"
    title = "The erasure is not complete yet; nothing is signed before it is"


class ReceiptNotFound(NotFound):
    code = "receipt_not_found"
    title = "There is no such receipt"
