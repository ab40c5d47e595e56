from typing import Annotated
from uuid import UUID

from pydantic import Field

from acme_core.schemas import RequestBody, ResponseBody, UtcDatetime
from acme_db.models.package import Deliverable
from acme_db.models.purchase import PurchaseStatus
from acme_db.models.purchase_archive import ArchiveState


class PackageOut(ResponseBody):
    id: UUID
    name: str
    price: int
    currency: str
    photo_count: int
    """0 = all of the buyer's photos."""
    deliverable: Deliverable


class PurchaseCreate(RequestBody):
    project_id: UUID
    package_id: UUID


class PurchaseOut(ResponseBody):
    id: UUID
    project_id: UUID
    project_name: str
    package_id: UUID
    package_name: str
    status: PurchaseStatus
    amount: int
    currency: str
    photo_count: int
    unlocked_count: int
    remaining: int | None
    """Photos that may still be chosen; null when the package holds all of the buyer's photos."""
    deliverable: Deliverable
    archive_state: ArchiveState | None
    """null before a ZIP was asked for."""
    created_at: UtcDatetime
    paid_at: UtcDatetime | None
    refunded_at: UtcDatetime | None
    refunded_amount: int
    disputed_at: UtcDatetime | None


class PurchaseCreated(PurchaseOut):
    client_secret: str | None
    """null where nothing is to pay."""
    publishable_key: str


class PurchaseDetailOut(PurchaseOut):
    client_secret: str | None
    """To go on paying with; null once there is nothing to pay, or while the provider does not answer."""
    publishable_key: str | None
    """Beside a client secret."""


class UnlockRequest(RequestBody):
    photo_ids: Annotated[list[UUID], Field(min_length=1, max_length=1000)]


class UnlockOut(ResponseBody):
    purchase_id: UUID
    photo_count: int
    unlocked: list[UUID]
    """Every photo that the purchase has unlocked so far."""
    remaining: int | None
    """null when the package holds all of the buyer's photos."""


class ArchiveOut(ResponseBody):
    purchase_id: UUID
    state: ArchiveState
    photo_count: int
    done_count: int
    """Photos packed so far, of `photo_count`; both are 0 before the work has begun."""
    size_bytes: int | None
    requested_at: UtcDatetime
    url: str | None
    """Once it is ready."""
    filename: str | None
    expires_at: UtcDatetime | None
