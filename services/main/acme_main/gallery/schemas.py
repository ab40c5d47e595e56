from uuid import UUID

from acme_core.faces import FaceBox, Focus
from acme_core.schemas import ResponseBody, UtcDatetime
from acme_db.models.project_member import BackfillState


class MatchingProgress(ResponseBody):
    """How far the photos that were there before the guest was known have been compared."""

    state: BackfillState
    done: int
    total: int


class ProjectOut(ResponseBody):
    id: UUID
    name: str
    location_name: str | None
    start_at: UtcDatetime | None
    end_at: UtcDatetime | None
    timezone: str | None
    project_link: str | None
    operator_name: str
    joined_at: UtcDatetime
    photo_count: int
    """Ready photos of the whole event."""
    my_photo_count: int
    """Those that the caller is confirmed to be in; likewise the next two, and the cover."""
    favourite_count: int
    unlocked_count: int
    cover_url: str | None
    matching: MatchingProgress


class ProjectDetailOut(ProjectOut):
    operator_picture_url: str | None
    terms_and_conditions: str | None
    terms_accepted_at: UtcDatetime | None
    needs_verified_email: bool
    """What recognition finds is shown once the caller has verified their address."""


class PhotoOut(ResponseBody):
    id: UUID
    thumbnail_url: str
    width: int
    height: int
    thumbhash: str | None
    focus: Focus | None
    taken_at: UtcDatetime | None
    unlocked: bool
    is_favourite: bool


class ScreenOut(ResponseBody):
    """One of the files that show the same picture: a browser picks by `srcset` and by what it can read."""

    url: str
    content_type: str
    width: int
    height: int


class PhotoDetailOut(PhotoOut):
    project_id: UUID
    preview_url: str
    """Large, with the mark all over it; once unlocked, the branded photo itself."""
    face_box: FaceBox | None
    """The guest's own face, where it was found; nobody else's."""
    screens: list[ScreenOut]
    """With the preview's watermark until the photo is unlocked, then with the deliverable's mark."""


class DownloadOut(ResponseBody):
    url: str
    filename: str
    expires_at: UtcDatetime
