from enum import StrEnum


class MailTemplate(StrEnum):
    VERIFY_ADDRESS = "verify_address"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a mail
    PHOTOGRAPHER_INVITE = "photographer_invite"
    PHOTOS_READY = "photos_ready"
    SELFIE_REJECTED = "selfie_rejected"
    RECEIPT = "receipt"
    REFUND = "refund"
    ERASURE_RECEIPT = "erasure_receipt"
