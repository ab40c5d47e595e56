"""Why a photo has failed, and what its photographer can do about it: one list of words for all screens."""

from enum import StrEnum
from typing import Final

RAW_CONTENT_TYPES: Final = (
    "image/x-canon-cr2",
    "image/x-canon-cr3",
    "image/x-nikon-nef",
    "image/x-sony-arw",
    "image/x-adobe-dng",
    "image/x-fuji-raf",
)
"""Files of sensors: they are shown by the preview that the camera has put into them."""
PICTURE_CONTENT_TYPES: Final = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/tiff",
    "image/avif",
    "image/heic",
)


class FailureCode(StrEnum):
    EMPTY_FILE = "empty_file"
    NOT_AN_IMAGE = "not_an_image"
    UNSUPPORTED_FORMAT = "unsupported_format"
    TYPE_MISMATCH = "type_mismatch"
    TRUNCATED = "truncated"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_COSTLY = "too_costly"
    NO_PREVIEW = "no_preview"
    DIGEST_MISMATCH = "digest_mismatch"
    FILE_MISSING = "file_missing"
    PROCESSING_FAILED = "processing_failed"
    UPLOAD_MISMATCH = "upload_mismatch"
    UPLOAD_EXPIRED = "upload_expired"


_REASONS = {
    FailureCode.EMPTY_FILE: "The file is empty. Export it again and upload it anew.",
    FailureCode.NOT_AN_IMAGE: "The file is not a picture that can be read. Export it again.",
    FailureCode.UNSUPPORTED_FORMAT: "Pictures of this kind are not taken. Use JPEG, PNG, WebP, HEIC or TIFF.",
    FailureCode.TYPE_MISMATCH: "The file is of another kind than its name says. Export it again.",
    FailureCode.TRUNCATED: "The end of the file is missing. Copy it from the camera again.",
    FailureCode.TOO_MANY_PIXELS: "The picture has too many pixels. Export it smaller.",
    FailureCode.TOO_COSTLY: "Reading the file takes more than one picture may take. Export it again.",
    FailureCode.NO_PREVIEW: "The raw file carries no preview to show. Upload it as JPEG.",
    FailureCode.DIGEST_MISMATCH: "The file has changed on its way. Upload it again.",
    FailureCode.FILE_MISSING: "The file is no longer in the store. Upload it again.",
    FailureCode.PROCESSING_FAILED: "Something went wrong on our side. Try it again.",
    FailureCode.UPLOAD_MISMATCH: "What has arrived is not what was announced. Upload the file again.",
    FailureCode.UPLOAD_EXPIRED: "The file never arrived. Upload it again.",
}


def failure_reason(code: FailureCode) -> str:
    return _REASONS[code]
