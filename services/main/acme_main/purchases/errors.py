from acme_core.errors import Conflict, Invalid, NotFound, Unavailable


class PackageNotFound(NotFound):
    code = "package_not_found"
    title = "There is no such package on sale in this project"


class PurchaseNotFound(NotFound):
    code = "purchase_not_found"
    title = "There is no such purchase"


class PurchaseNotPaid(Conflict):
    code = "purchase_not_paid"
    title = "The purchase is not paid, or was refunded"


class PhotoCountExceeded(Conflict):
    code = "photo_count_exceeded"
    title = "The package does not hold that many photos"


class IdempotencyKeyReused(Conflict):
    code = "idempotency_key_reused"
    title = "This Idempotency-Key has been used for another request"


class PaymentRefused(Invalid):
    code = "payment_refused"
    title = "The payment provider does not take this payment"


class PaymentsDown(Unavailable):
    code = "payments_unavailable"
    title = "The payment provider does not answer; try again shortly"


class ArchiveNotFound(NotFound):
    code = "archive_not_found"
    title = "No archive of this purchase has been asked for"
