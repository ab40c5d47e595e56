from enum import StrEnum


class FailureCode(StrEnum):
    """Why a photo has failed; told to its photographer."""

    EMPTY_FILE = "empty_file"
    NOT_AN_IMAGE = "not_an_image"
    UNSUPPORTED_FORMAT = "unsupported_format"
    TYPE_MISMATCH = "type_mismatch"
    TRUNCATED = "truncated"
    TOO_MANY_PIXELS = "too_many_pixels"
    DIGEST_MISMATCH = "digest_mismatch"
    FILE_MISSING = "file_missing"
    PROCESSING_FAILED = "processing_failed"


class ImageRejectedError(Exception):
    """The file is at fault, and will be the next time too."""

    def __init__(self, code: FailureCode) -> None:
        super().__init__(code)
        self.code = code
