"""Where faces are, as every screen is told: of the upright picture's width and height, 0..1."""

from acme_core.schemas import ResponseBody


class FaceBox(ResponseBody):
    left: float
    top: float
    width: float
    height: float


def box_of(
    left: float | None, top: float | None, width: float | None, height: float | None
) -> FaceBox | None:
    """None where any side is."""
    if left is None or top is None or width is None or height is None:
        return None
    return FaceBox(left=left, top=top, width=width, height=height)


class Focus(ResponseBody):
    """The middle of the faces: a square crop keeps it."""

    x: float
    y: float


def focus_at(x: float | None, y: float | None) -> Focus | None:
    """None where no face was found, or looked for."""
    return None if x is None or y is None else Focus(x=x, y=y)
