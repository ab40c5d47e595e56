"""Where a face is, as lists read and tell it."""

from acme_core.faces import FaceBox
from acme_db.prepared import Record

BOX_COLUMNS = tuple(f"box_{side}" for side in FaceBox.model_fields)


def told_box(row: Record) -> dict[str, float] | None:
    """None where any side is."""
    sides = [row[name] for name in BOX_COLUMNS]
    return None if None in sides else dict(zip(FaceBox.model_fields, sides, strict=True))
