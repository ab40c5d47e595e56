from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from acme_core.faces import FaceBox
from acme_core.schemas import RequestBody, ResponseBody, ShortText, UtcDatetime
from acme_db.models.hide_request import HideKind, HideState

Part = Annotated[float, Field(ge=0, le=1)]


class WhereIn(RequestBody):
    """Of the picture's width and height, 0..1."""

    left: Part
    top: Part
    width: Annotated[float, Field(gt=0, le=1)]
    height: Annotated[float, Field(gt=0, le=1)]

    @model_validator(mode="after")
    def lies_within(self) -> Self:
        if self.left + self.width > 1 or self.top + self.height > 1:
            raise ValueError("the box must lie within the picture")
        return self


class HideAsk(RequestBody):
    kind: HideKind
    box: WhereIn | None = None
    """Where the caller's face is; left out, it is where it was found."""
    reason: ShortText | None = None


class HideRequestOut(ResponseBody):
    id: UUID
    photo_id: UUID
    project_id: UUID
    kind: HideKind
    state: HideState
    box: FaceBox | None
    reason: str | None
    created_at: UtcDatetime
    decided_at: UtcDatetime | None
