from typing import Annotated
from uuid import UUID

from pydantic import Field

from acme_core.schemas import RequestBody, ResponseBody, UtcDatetime
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


class RefundCreate(RequestBody):
    amount: Annotated[int, Field(ge=1, strict=True)] | None = None
    """In the minor unit; without it, all that is left."""


class RefundOut(ResponseBody):
    purchase_id: UUID
    refund_id: str
    amount: int
    status: str
    """The provider's word; the purchase follows when its webhook has come."""
