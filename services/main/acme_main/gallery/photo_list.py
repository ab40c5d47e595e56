"""The guest's photo list: what is asked most of all, so it goes the short way.

msgspec writes its rows as JSON, from objects that cost less than the dictionaries of `acme_db.page_json`.
`schemas.PhotoOut` still says what an item is, and a test reads answers by it. Why, and what it brings:
docs/decisions/0016.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncEngine

from acme_auth.guards import ACCOUNT_ID, GuardedListing
from acme_auth.principals import Principal
from acme_core.pages import PageRequest
from acme_db.listing import Listing
from acme_db.models import Photo, PhotoTag
from acme_db.prepared import Record
from acme_main.gallery.queries import (
    IS_MEMBER,
    PhotoFilter,
    confirms,
    is_favourite,
    is_there,
    is_unlocked,
)
from acme_storage.gateway import ObjectStorage

_encoder = msgspec.json.Encoder()


class Point(msgspec.Struct):
    """`acme_core.faces.Focus`, as it is written."""

    x: float
    y: float


class Item(msgspec.Struct):
    """`schemas.PhotoOut`, as it is written."""

    id: UUID
    thumbnail_url: str
    width: int
    height: int
    thumbhash: str | None
    focus: Point | None
    taken_at: datetime | None
    unlocked: bool
    is_favourite: bool


class ItemPage(msgspec.Struct):
    items: list[Item]
    next_cursor: str | None


def _photos() -> Listing:
    """From tag to tag in the order of an index."""
    project_id = bindparam("project_id", type_=Uuid())
    unlocked, favourite = is_unlocked(ACCOUNT_ID, project_id), is_favourite(ACCOUNT_ID)
    statement = select(
        PhotoTag.photo_id,
        PhotoTag.photo_uploaded_at,
        Photo.thumbnail_key,
        Photo.width,
        Photo.height,
        Photo.thumbhash,
        Photo.focus_x,
        Photo.focus_y,
        Photo.taken_at,
        unlocked.label("unlocked"),
        favourite.label("is_favourite"),
    )
    statement = statement.join_from(PhotoTag, Photo, Photo.id == PhotoTag.photo_id)
    return Listing(
        statement.where(PhotoTag.project_id == project_id, confirms(ACCOUNT_ID), is_there()),
        PhotoTag.photo_uploaded_at,
        PhotoTag.photo_id,
        only_favourite=favourite,
        no_favourite=~favourite,
        only_unlocked=unlocked,
        not_unlocked=~unlocked,
    )


_PHOTOS = GuardedListing(IS_MEMBER, _photos())


@dataclass(frozen=True)
class PhotoList:
    engine: AsyncEngine
    """In autocommit."""
    storage: ObjectStorage

    async def page(
        self, caller: Principal, project_id: UUID, wanted: PhotoFilter, page: PageRequest
    ) -> bytes:
        """JSON of `Page[PhotoOut]`. Raises `SessionEnded` or `ProjectNotFound`."""
        found = await _PHOTOS.page(self.engine, caller, page, project_id=project_id, **_asked(wanted))
        return _encoder.encode(ItemPage([self._item(row) for row in found.rows], found.next_cursor))

    def _item(self, row: Record) -> Item:
        return Item(
            row["photo_id"],
            self.storage.picture_url(row["thumbnail_key"] or ""),
            row["width"] or 0,
            row["height"] or 0,
            row["thumbhash"],
            None if row["focus_x"] is None else Point(row["focus_x"], row["focus_y"]),
            row["taken_at"],
            row["unlocked"],
            row["is_favourite"],
        )


def _asked(wanted: PhotoFilter) -> dict[str, bool]:
    """The conditions, by name."""
    asked = {}
    if wanted.favourite is not None:
        asked["only_favourite" if wanted.favourite else "no_favourite"] = True
    if wanted.unlocked is not None:
        asked["only_unlocked" if wanted.unlocked else "not_unlocked"] = True
    return asked
