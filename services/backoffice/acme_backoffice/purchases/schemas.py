from typing import Annotated
from uuid import UUID

from pydantic import Field

from acme_backoffice.packages.schemas import MAX_PRICE
from acme_core.schemas import RequestBody, ResponseBody, UtcDatetime
from acme_db.models.package import Deliverable
from acme_db.models.purchase import PurchaseStatus


class PurchaseOut(ResponseBody):
    id: UUID
    user_id: UUID
    user_name: str
    package_id: UUID
    package_name: str
    status: PurchaseStatus
    amount: int
    currency: str
    photo_count: int
    created_at: UtcDatetime
    paid_at: UtcDatetime | None
    refunded_at: UtcDatetime | None
    refunded_amount: int
    disputed_at: UtcDatetime | None


class SoldPhotoOut(ResponseBody):
    id: UUID
    filename: str
    thumbnail_url: str | None
    unlocked_at: UtcDatetime | None
    """When it was chosen; null where the package holds all of the buyer's photos."""


class PurchaseDetailOut(PurchaseOut):
    project_id: UUID
    project_name: str
    user_email: str
    deliverable: Deliverable
    unlocked_count: int
    photos: list[SoldPhotoOut]
    """What was unlocked, the newest photos first, at most 200."""


class RefundCreate(RequestBody):
    amount: Annotated[int, Field(ge=1, le=MAX_PRICE, strict=True)] | None = None
    """In the minor unit; without it, all that is left."""


class RefundOut(ResponseBody):
    purchase_id: UUID
    refund_id: str
    amount: int
    status: str
    """The provider's word; the purchase follows when its webhook has come."""
