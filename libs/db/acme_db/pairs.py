"""A shot that came both as a raw file and as a picture is one photo to guests: the picture."""

from sqlalchemy import ColumnElement, and_, exists, literal_column
from sqlalchemy.orm import aliased

from acme_core.photos import RAW_CONTENT_TYPES
from acme_db.models import Photo
from acme_db.models.photo import PhotoStatus

_RAW: list[ColumnElement[str]] = [literal_column(f"'{content_type}'") for content_type in RAW_CONTENT_TYPES]
"""Written out: only so does the planner see that the index of raw files serves, and is there no IN to fill in
a statement that is compiled once."""


def is_shown_by_another() -> ColumnElement[bool]:
    """A condition: this photo is a raw file, and the picture of the same shot is there to be seen.

    Asked when photos are read, so that it holds in whatever order the two came, also at once, and ends with
    the picture: there is no link that could be late or stale.
    """
    other = aliased(Photo)
    return and_(
        Photo.content_type.in_(_RAW),
        exists().where(
            other.project_id == Photo.project_id,
            other.photographer_id == Photo.photographer_id,
            other.stem == Photo.stem,
            other.content_type.not_in(_RAW),
            other.status == PhotoStatus.READY,
            other.deleted_at.is_(None),
        ),
    )
