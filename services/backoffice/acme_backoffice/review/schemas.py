from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from acme_core.faces import FaceBox
from acme_core.schemas import RequestBody, ResponseBody, UtcDatetime
from acme_db.models.hide_request import HideKind, HideState
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


class HideDecision(RequestBody):
    state: Literal[HideState.ACCEPTED, HideState.DECLINED]


class HideRequestOut(ResponseBody):
    """A guest does not want to be seen in a photo."""

    id: UUID
    photo_id: UUID
    project_id: UUID
    user_id: UUID
    guest_name: str
    kind: HideKind
    state: HideState
    reason: str | None
    face_box: FaceBox | None
    thumbnail_url: str | None
    photo_url: str | None
    other_purchases: int
    """Of other guests, whose copies change with it: withheld, they cannot fetch the photo any more."""
    is_done: bool
    """What was decided shows in every file; a blur is drawn by a job."""
    created_at: UtcDatetime
    decided_at: UtcDatetime | None


class ConflictingGuest(Candidate):
    email: str
    """As the members list has it: who uses two accounts often gives both the same name."""


class SelfieConflictOut(ResponseBody):
    """Two accounts whose selfies show one face: a person twice, twins, or somebody else's picture."""

    id: UUID
    project_id: UUID
    guests: list[ConflictingGuest]
    confidence: float
    found_at: UtcDatetime
    resolved_at: UtcDatetime | None


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
