from uuid import UUID

from acme_core.schemas import RequestBody, ResponseBody, UtcDatetime
from acme_db.models.photo import UploadState
from acme_db.models.selfie import SelfieStatus
from acme_media.uploads import ContentType, SizeBytes, UploadOut


class SelfieUploadRequest(RequestBody):
    content_type: ContentType
    size_bytes: SizeBytes


class SelfieIssued(ResponseBody):
    selfie_id: UUID
    upload: UploadOut


class SelfieOut(ResponseBody):
    id: UUID
    status: SelfieStatus
    upload_state: UploadState
    rejection_reason: str | None
    """A stable code."""
    rejection_advice: str | None
    """What the guest can do about it."""
    quality_score: float | None
    created_at: UtcDatetime
    processed_at: UtcDatetime | None
