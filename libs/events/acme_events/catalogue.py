"""Every event that is told, and to whom. A client that knows no more reloads what the event names."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from acme_db.models import (
    ArchiveState,
    BackfillState,
    PhotoStatus,
    PurchaseStatus,
    RecognitionState,
    SelfieStatus,
)


class EventName(StrEnum):
    PHOTO_CHANGED = "photo.changed"
    PROJECT_PROGRESS = "project.progress"
    SELFIE_CHANGED = "selfie.changed"
    MATCHES_FOUND = "matches.found"
    MATCHING_PROGRESS = "matching.progress"
    PURCHASE_CHANGED = "purchase.changed"
    ARCHIVE_CHANGED = "archive.changed"
    ERASURE_COMPLETED = "erasure.completed"
    READY = "ready"
    RESET = "reset"


class Event(BaseModel):
    """Ids and states; never addresses, names or signed URLs: an event lies in Redis for a while."""

    model_config = ConfigDict(frozen=True)

    name: ClassVar[EventName]


class PhotoChanged(Event):
    """To the operator and the photographer."""

    name = EventName.PHOTO_CHANGED
    project_id: UUID
    photo_id: UUID
    status: PhotoStatus
    recognition_state: RecognitionState
    failure_code: str | None = None


class ProjectProgress(Event):
    """To who follows the uploads: at most once a second. How many photos are in which state."""

    name = EventName.PROJECT_PROGRESS
    project_id: UUID
    awaited: int
    """Announced, not here yet."""
    processing: int
    ready: int
    failed: int


class SelfieChanged(Event):
    """To the guest."""

    name = EventName.SELFIE_CHANGED
    selfie_id: UUID
    status: SelfieStatus
    rejection_reason: str | None = None


class MatchesFound(Event):
    """To the guest: photos that show up in the gallery from now on."""

    name = EventName.MATCHES_FOUND
    project_id: UUID
    photo_ids: list[UUID]


class MatchingProgress(Event):
    """To the guest: how far the photos that were there before have been compared."""

    name = EventName.MATCHING_PROGRESS
    project_id: UUID
    state: BackfillState
    done: int
    total: int


class PurchaseChanged(Event):
    """To the guest and the operator."""

    name = EventName.PURCHASE_CHANGED
    project_id: UUID
    purchase_id: UUID
    status: PurchaseStatus
    is_refunded: bool
    is_disputed: bool


class ArchiveChanged(Event):
    """To the guest."""

    name = EventName.ARCHIVE_CHANGED
    purchase_id: UUID
    state: ArchiveState
    done: int = 0
    """Photos packed so far, of `total`."""
    total: int = 0


class ErasureCompleted(Event):
    """To the guest."""

    name = EventName.ERASURE_COMPLETED
    receipt_id: UUID


class Ready(Event):
    """The stream begins here: its id is where a lost connection goes on."""

    name = EventName.READY


class Reset(Event):
    """Events were missed that are no longer kept: load everything again."""

    name = EventName.RESET
