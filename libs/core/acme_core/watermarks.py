"""What a watermark looks like: agreed between who edits it and who draws it."""

import hashlib
from enum import StrEnum
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from acme_core.schemas import Name, RequestBody

DRAWING: Final = 1
"""Counts changes of how a design is drawn: with each, every photo is made anew."""


class WatermarkKind(StrEnum):
    TEXT = "text"
    LOGO = "logo"


class Placement(StrEnum):
    TILE = "tile"
    TOP_LEFT = "top_left"
    TOP = "top"
    TOP_RIGHT = "top_right"
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    BOTTOM_LEFT = "bottom_left"
    BOTTOM = "bottom"
    BOTTOM_RIGHT = "bottom_right"


Share = Annotated[float, Field(ge=0, le=0.25)]


class Layout(RequestBody):
    """Lengths are parts of the picture's longer side, so that every size looks the same."""

    placement: Placement = Placement.TILE
    opacity: Annotated[float, Field(ge=0.1, le=1)] = 0.38
    """Never less than can be seen: an unmarked picture is not this feature's to give away."""
    size: Annotated[float, Field(ge=0.01, le=0.5)] | None = None
    """A text's height, a logo's longer side; null = what suits."""
    margin: Share = 1 / 36
    """To the picture's edge; between tiles, the gap."""
    angle: Annotated[float, Field(ge=-180, le=180)] = 30.0
    """Degrees, counter-clockwise."""


PREVIEW: Final = Layout()
DELIVERABLE: Final = Layout(placement=Placement.BOTTOM_RIGHT, opacity=0.55, margin=1 / 120, angle=0.0)
MarkText = Annotated[Name, StringConstraints(max_length=80)]


class WatermarkDesign(RequestBody):
    kind: WatermarkKind = WatermarkKind.TEXT
    text: MarkText | None = None
    """Null = the operator's name."""
    logo_id: UUID | None = None
    """Of a logo that was uploaded; a design of text keeps none."""
    preview: Layout = PREVIEW
    """Of what is shown before a purchase."""
    deliverable: Layout = DELIVERABLE
    """Of what is bought."""

    @model_validator(mode="after")
    def logo_is_named(self) -> Self:
        if (self.kind is WatermarkKind.LOGO) != (self.logo_id is not None):
            raise ValueError("logo_id belongs to a design of kind logo, and to no other")
        return self

    def version_for(self, operator_name: str) -> str:
        """The same for the same look: part of the keys of all that was made with it."""
        told = f"{DRAWING}\n{self.text or operator_name}\n{self.model_dump_json()}"
        return hashlib.sha256(told.encode()).hexdigest()[:12]
