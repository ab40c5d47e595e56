from enum import StrEnum
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field

from acme_core.schemas import RequestBody, ResponseBody
from acme_core.watermarks import WatermarkDesign
from acme_media.uploads import UploadOut

LOGO_MAX_BYTES: Final = 1_000_000


class LogoUpload(RequestBody):
    content_type: Literal["image/png", "image/svg+xml"]
    """An SVG must be without scripts, style sheets, pictures, entities and references to elsewhere; its texts
    must be paths, for there are no fonts."""
    size_bytes: Annotated[int, Field(ge=1, le=LOGO_MAX_BYTES, strict=True)]


class LogoIssued(ResponseBody):
    logo_id: UUID
    upload: UploadOut


class LogoOut(ResponseBody):
    logo_id: UUID
    """For a design's `logo_id`."""
    url: str
    """Of the logo as it is drawn: a PNG."""


class Product(StrEnum):
    PREVIEW = "preview"
    DELIVERABLE = "deliverable"


class PreviewRequest(RequestBody):
    design: WatermarkDesign = WatermarkDesign()
    product: Product = Product.PREVIEW
    photo_id: UUID | None = None
    """Null = a sample."""
