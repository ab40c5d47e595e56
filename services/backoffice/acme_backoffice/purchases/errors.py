from acme_core.errors import Conflict, NotFound, Unavailable


class PurchaseNotFound(NotFound):
    code = "purchase_not_found"
    title = "There is no such purchase"


class PurchaseNotRefundable(Conflict):
    code = "purchase_not_refundable"
    title = "The purchase is not paid, or nothing is left to refund"


class IdempotencyKeyReused(Conflict):
    code = "idempotency_key_reused"
    title = "This Idempotency-Key has been used for another request"


class RefundRefused(Conflict):
    code = "refund_refused"
    title = "The payment provider refuses this refund"


class PaymentsDown(Unavailable):
    code = "payments_unavailable"
    title = "The payment provider does not answer; try again shortly"
