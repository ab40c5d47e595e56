from typing import Annotated
from uuid import UUID

from pydantic import Field

from acme_core.schemas import Name, RequestBody, ResponseBody, UtcDatetime, VersionedUpdate
from acme_db.models.package import Deliverable

MAX_PRICE = 99_999_999
"""The payment provider's."""
Price = Annotated[int, Field(ge=0, le=MAX_PRICE, strict=True)]
"""In the minor unit of the operator's currency."""
PhotoCount = Annotated[int, Field(ge=0, le=100_000, strict=True)]
"""0 = all of the buyer's photos."""


class PackageCreate(RequestBody):
    name: Name
    price: Price
    photo_count: PhotoCount
    deliverable: Deliverable = Deliverable.WATERMARKED


class PackageUpdate(VersionedUpdate):
    name: Name = ""
    price: Price = 0
    photo_count: PhotoCount = 0
    deliverable: Deliverable = Deliverable.WATERMARKED


class PackageOut(ResponseBody):
    id: UUID
    name: str
    price: int
    photo_count: int
    deliverable: Deliverable
    version: int
    created_at: UtcDatetime
    updated_at: UtcDatetime
