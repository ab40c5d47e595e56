"""Why a photo has failed, and what its photographer can do about it: one list of words for all screens."""

from enum import StrEnum


class FailureCode(StrEnum):
    EMPTY_FILE = "empty_file"
    NOT_AN_IMAGE = "not_an_image"
    UNSUPPORTED_FORMAT = "unsupported_format"
    TYPE_MISMATCH = "type_mismatch"
    TRUNCATED = "truncated"
    TOO_MANY_PIXELS = "too_many_pixels"
    DIGEST_MISMATCH = "digest_mismatch"
    FILE_MISSING = "file_missing"
    PROCESSING_FAILED = "processing_failed"
    UPLOAD_MISMATCH = "upload_mismatch"
    UPLOAD_EXPIRED = "upload_expired"


_REASONS = {
    FailureCode.EMPTY_FILE: "The file is empty. Export it again and upload it anew.",
    FailureCode.NOT_AN_IMAGE: "The file is not a picture that can be read. Export it again.",
    FailureCode.UNSUPPORTED_FORMAT: "Pictures of this kind are not taken. Use JPEG, PNG, WebP or TIFF.",
    FailureCode.TYPE_MISMATCH: "The file is of another kind than its name says. Export it again.",
    FailureCode.TRUNCATED: "The end of the file is missing. Copy it from the camera again.",
    FailureCode.TOO_MANY_PIXELS: "The picture has too many pixels. Export it smaller.",
    FailureCode.DIGEST_MISMATCH: "The file has changed on its way. Upload it again.",
    FailureCode.FILE_MISSING: "The file is no longer in the store. Upload it again.",
    FailureCode.PROCESSING_FAILED: "Something went wrong on our side. Try it again.",
    FailureCode.UPLOAD_MISMATCH: "What has arrived is not what was announced. Upload the file again.",
    FailureCode.UPLOAD_EXPIRED: "The file never arrived. Upload it again.",
}


def failure_reason(code: FailureCode) -> str:
    return _REASONS[code]
