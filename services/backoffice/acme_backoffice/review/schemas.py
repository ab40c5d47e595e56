from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from acme_core.faces import FaceBox
from acme_core.schemas import RequestBody, ResponseBody, UtcDatetime
from acme_db.models.photo_tag import ReviewStatus, TagSource

Decision = Literal[ReviewStatus.CONFIRMED, ReviewStatus.REJECTED]


class ReviewDecision(RequestBody):
    review_status: Decision


class BulkReview(RequestBody):
    tag_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)]
    review_status: Decision


class BulkReviewOut(ResponseBody):
    updated: int


class ManualTag(RequestBody):
    user_id: UUID


class Candidate(ResponseBody):
    user_id: UUID
    name: str
    selfie_url: str | None
    """The face in the newest selfie; null when there is none, or it was taken back."""


class FaceState(StrEnum):
    CONFIRMED = "confirmed"
    PENDING = "pending"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    """Nobody who has agreed to be found."""


class PhotoFaceOut(ResponseBody):
    id: UUID
    box: FaceBox
    state: FaceState
    tag_id: UUID | None
    candidate: Candidate | None
    confidence: float | None
    face_url: str


class PhotoFacesOut(ResponseBody):
    items: list[PhotoFaceOut]


class PhotoTagOut(ResponseBody):
    id: UUID
    photo_id: UUID
    user_id: UUID
    candidate: Candidate
    confidence: float
    source: TagSource
    review_status: ReviewStatus
    face_box: FaceBox | None
    thumbnail_url: str | None
    photo_url: str | None
    """The whole photo, which `face_box` lies in."""
    face_url: str | None
    """Only that face; null for a manual tag."""
    engine: str | None
    reviewed_at: UtcDatetime | None
    created_at: UtcDatetime
