from uuid import UUID

from acme_core.faces import Focus
from acme_core.schemas import ResponseBody, UtcDatetime
from acme_db.models.photo import PhotoStatus, RecognitionState, UploadState


class PhotoOut(ResponseBody):
    id: UUID
    project_id: UUID
    photographer_id: UUID
    filename: str
    status: PhotoStatus
    upload_state: UploadState
    recognition_state: RecognitionState
    failure_code: str | None
    failure_reason: str | None
    """The code in words, with what to do about it."""
    is_retryable: bool
    """The file is here, and can be worked on again without another upload."""
    width: int | None
    height: int | None
    thumbhash: str | None
    focus: Focus | None
    taken_at: UtcDatetime | None
    sha256: str | None
    camera: str | None
    lens: str | None
    serial_number: str | None
    """Of the camera's body."""
    uploaded_at: UtcDatetime
    thumbnail_url: str | None
    preview_url: str | None
    """As a guest sees it large before a purchase."""


class NearDuplicatesOut(ResponseBody):
    """Groups of photos that look the same: newest group first, each in the order of its shots."""

    groups: list[list[PhotoOut]]
