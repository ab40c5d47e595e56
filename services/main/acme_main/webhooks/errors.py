from acme_core.errors import AppError


class InvalidSignature(AppError):
    code = "invalid_signature"
    status = 400
    title = "The webhook was not signed by the payment provider"
