"""What lists of photos read of each, and how it is told: to its operator and to its photographer alike."""

from collections.abc import Callable, Collection
from typing import Any

from acme_core.photos import FailureCode, failure_reason
from acme_db.listing import columns_among
from acme_db.models import Photo
from acme_db.page_json import Told
from acme_db.prepared import Record

PictureUrl = Callable[[str | None], str | None]
"""Of a file's key: signed, for a while; none of none."""


def photo_columns(names: Collection[str]) -> list[Any]:
    """Those of these names, and what `told_of_row` makes the others of."""
    return [
        *columns_among(Photo, names),
        Photo.is_retryable.label("is_retryable"),
        Photo.focus_x,
        Photo.focus_y,
        Photo.thumbnail_key,
        Photo.preview_key,
    ]


def told_of_row(row: Record, picture_url: PictureUrl) -> Told:
    x, y = row["focus_x"], row["focus_y"]
    focus = None if x is None or y is None else {"x": x, "y": y}
    told = told_of(row["failure_code"], row["thumbnail_key"], row["preview_key"], picture_url)
    return {"focus": focus, **told}


def told_of(
    failure_code: str | None, thumbnail_key: str | None, preview_key: str | None, picture_url: PictureUrl
) -> dict[str, str | None]:
    """What no column says, of a mapped photo and of a row alike."""
    return {
        "failure_reason": failure_reason(FailureCode(failure_code)) if failure_code else None,
        "thumbnail_url": picture_url(thumbnail_key),
        "preview_url": picture_url(preview_key),
    }
