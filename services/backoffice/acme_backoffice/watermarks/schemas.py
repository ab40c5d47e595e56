from enum import StrEnum
from uuid import UUID

from acme_core.schemas import ResponseBody, UtcDatetime, VersionedUpdate
from acme_core.watermarks import Layout, MarkText, WatermarkDesign, WatermarkKind


class WatermarkSource(StrEnum):
    DEFAULT = "default"
    OPERATOR = "operator"
    PROJECT = "project"


class WatermarkUpdate(WatermarkDesign, VersionedUpdate):
    """The whole design: what is left out is as in the default."""

    @property
    def design(self) -> WatermarkDesign:
        return WatermarkDesign(**self.model_dump(exclude={"version"}))


class WatermarkOut(ResponseBody):
    source: WatermarkSource
    """Whose design it is that photos are drawn with."""
    kind: WatermarkKind
    text: MarkText | None
    """Null = the operator's name."""
    logo_id: UUID | None
    logo_url: str | None
    preview: Layout
    deliverable: Layout
    version: int | None
    """Null of the default; of a project without its own, its operator's."""
    updated_at: UtcDatetime | None
