from typing import Annotated
from uuid import UUID

from pydantic import Field

from acme_core.faces import Focus
from acme_core.schemas import RequestBody, ResponseBody, UtcDatetime
from acme_db.models.photo import PhotoStatus, RecognitionState, UploadState
from acme_media.uploads import ContentType, Filename, Sha256, SizeBytes, UploadOut
from acme_web.problems import Problem


class FileAnnounced(RequestBody):
    filename: Filename
    content_type: ContentType
    """Of HEIF and raw files, for which browsers know none, by the ending of the name: .heic and .heif
    image/heic, .cr2 image/x-canon-cr2, .cr3 image/x-canon-cr3, .nef image/x-nikon-nef, .arw image/x-sony-arw,
    .dng image/x-adobe-dng, .raf image/x-fuji-raf."""
    size_bytes: SizeBytes
    sha256: Sha256 | None = None


class UploadRequest(FileAnnounced):
    project_id: UUID
    photographer_id: UUID | None = None
    """Of operators: one of the project's photographers."""


class BatchUploadRequest(RequestBody):
    project_id: UUID
    photographer_id: UUID | None = None
    files: Annotated[list[FileAnnounced], Field(min_length=1, max_length=100)]


class UploadIssued(ResponseBody):
    photo_id: UUID
    duplicate: bool = False
    """The project holds this file already: there is nothing to send."""
    upload: UploadOut | None = None


class BatchResult(ResponseBody):
    """Of one file, in the order of the request: what was issued, or why not."""

    filename: str
    issued: UploadIssued | None = None
    problem: Problem | None = None


class BatchUploadOut(ResponseBody):
    items: list[BatchResult]


class PhotoOut(ResponseBody):
    id: UUID
    project_id: UUID
    photographer_id: UUID
    filename: str
    content_type: str
    size_bytes: int
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
