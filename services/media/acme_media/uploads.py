"""What photos and selfies have in common on their way in."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from acme_core.errors import AppError, Conflict
from acme_core.photos import PICTURE_CONTENT_TYPES, RAW_CONTENT_TYPES
from acme_core.schemas import Name, ResponseBody, UtcDatetime
from acme_storage.gateway import PresignedUpload

EXPIRY_MARGIN = timedelta(seconds=120)
"""A PUT that began in time may end after its URL has run out."""
PHOTO_CONTENT_TYPES = frozenset({*PICTURE_CONTENT_TYPES, *RAW_CONTENT_TYPES})
SELFIE_CONTENT_TYPES = frozenset(PICTURE_CONTENT_TYPES)


class UnsupportedMediaType(AppError):
    code = "unsupported_media_type"
    status = 415
    title = "Files of this type are not taken"


class FileTooLarge(AppError):
    code = "file_too_large"
    status = 413
    title = "The file is too large"


class UploadMissing(Conflict):
    code = "upload_missing"
    title = "The file has not arrived; send it, then complete it"


class UploadOut(ResponseBody):
    method: str = "PUT"
    url: str
    headers: dict[str, str]
    """Everything that the PUT must send."""
    expires_at: UtcDatetime

    @classmethod
    def of(cls, upload: PresignedUpload) -> "UploadOut":
        return cls(url=upload.url, headers=upload.headers, expires_at=upload.expires_at)


def _lower(text: str) -> str:
    return text.strip().lower()


ContentType = Annotated[
    str,
    StringConstraints(min_length=3, max_length=100, pattern=r"^[\w.+-]+/[\w.+-]+$"),
    AfterValidator(_lower),
]
SizeBytes = Annotated[int, Field(ge=1, strict=True)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$"), AfterValidator(_lower)]
Filename = Name


def require_acceptable(content_type: str, size_bytes: int, max_bytes: int, taken: frozenset[str]) -> None:
    """Raises `UnsupportedMediaType` or `FileTooLarge`."""
    if content_type not in taken:
        raise UnsupportedMediaType(f"Send one of {', '.join(sorted(taken))}")
    if size_bytes > max_bytes:
        raise FileTooLarge(f"At most {max_bytes} bytes are taken")
