"""Since when a guest sees a photo: kept while the tag stays confirmed, gone when it does not."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, null

from acme_db.models import PhotoTag
from acme_db.models.photo_tag import ReviewStatus


def confirmed_since(status: ReviewStatus) -> ColumnElement[datetime | None] | ColumnElement[Any]:
    """The value of `confirmed_at` when a tag that is there becomes this."""
    if status is ReviewStatus.CONFIRMED:
        return func.coalesce(PhotoTag.confirmed_at, func.now())
    return null()
