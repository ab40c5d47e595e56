from acme_core.errors import NotFound


class QrTokenNotFound(NotFound):
    code = "qr_token_not_found"
    title = "There is no such QR token"
