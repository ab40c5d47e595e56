"""The guest's photo list: what is asked most of all, so it goes the short way.

One statement tells whether the session is open, whether the guest is a member, and the page; asyncpg runs it,
and msgspec writes its rows as JSON. `schemas.PhotoOut` still says what an item is, and a test reads answers
by it. Why, and what it brings: docs/decisions/0016.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import msgspec
from sqlalchemy import FromClause, Subquery, Uuid, and_, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncEngine

from acme_auth.principals import Principal
from acme_auth.sessions import SESSION_ID, SessionEnded, is_open
from acme_core.pages import Cursor, PageRequest, cut_page
from acme_db.listing import Cut, after_values, cut_of, newest_first_of
from acme_db.models import Photo, PhotoTag, Project, ProjectMember
from acme_db.prepared import Prepared, Record
from acme_main.gallery.errors import ProjectNotFound
from acme_main.gallery.queries import USER_ID, PhotoFilter, confirms, is_favourite, is_there, is_unlocked
from acme_storage.gateway import ObjectStorage

_encoder = msgspec.json.Encoder()

PROJECT_ID = bindparam("project_id", type_=Uuid())


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


@dataclass(frozen=True)
class PhotoList:
    engine: AsyncEngine
    """In autocommit."""
    storage: ObjectStorage

    async def page(
        self, caller: Principal, project_id: UUID, wanted: PhotoFilter, page: PageRequest
    ) -> bytes:
        """JSON of `Page[PhotoOut]`. Raises `SessionEnded` or `ProjectNotFound`."""
        rows = await _statement(wanted, cut_of(page)).fetch(
            self.engine,
            session_id=caller.session_id,
            user_id=caller.account_id,
            project_id=project_id,
            **after_values(page),
        )
        return _encoder.encode(self._page(rows, page.limit))

    def _page(self, rows: Sequence[Record], limit: int) -> ItemPage:
        if not rows[0]["session_is_open"]:
            raise SessionEnded
        if not rows[0]["is_member"]:
            raise ProjectNotFound
        found = rows if rows[0]["id"] else []
        shown, cursor = cut_page(found, limit, lambda row: Cursor(row["uploaded_at"], row["id"]))
        return ItemPage([self._item(row) for row in shown], cursor)

    def _item(self, row: Record) -> Item:
        return Item(
            row["id"],
            self.storage.picture_url(row["thumbnail_key"] or ""),
            row["width"] or 0,
            row["height"] or 0,
            row["thumbhash"],
            None if row["focus_x"] is None else Point(row["focus_x"], row["focus_y"]),
            row["taken_at"],
            row["unlocked"],
            row["is_favourite"],
        )


@lru_cache(maxsize=32)
def _statement(wanted: PhotoFilter, cut: Cut) -> Prepared:
    """There is always a row, for what it tells of the session; without photos the rest of it is null."""
    guard, photos = _guard(), _photos(wanted, cut)
    is_let_in = and_(guard.c.session_is_open, guard.c.is_member)
    statement = select(guard, photos).select_from(guard.outerjoin(photos, is_let_in))
    return Prepared(statement.order_by(photos.c.uploaded_at.desc(), photos.c.id.desc()))


def _guard() -> Subquery:
    is_member = exists().where(
        ProjectMember.project_id == PROJECT_ID,
        ProjectMember.user_id == USER_ID,
        Project.id == ProjectMember.project_id,
        Project.deleted_at.is_(None),
    )
    columns = is_open(SESSION_ID).label("session_is_open"), is_member.label("is_member")
    return select(*columns).subquery("guard")


def _photos(wanted: PhotoFilter, cut: Cut) -> FromClause:
    """From tag to tag in the order of an index."""
    unlocked, favourite = is_unlocked(USER_ID), is_favourite(USER_ID)
    statement = select(
        Photo.id,
        Photo.thumbnail_key,
        Photo.width,
        Photo.height,
        Photo.thumbhash,
        Photo.focus_x,
        Photo.focus_y,
        Photo.taken_at,
        PhotoTag.photo_uploaded_at.label("uploaded_at"),
        unlocked.label("unlocked"),
        favourite.label("is_favourite"),
    )
    statement = statement.join_from(PhotoTag, Photo, Photo.id == PhotoTag.photo_id)
    statement = statement.where(PhotoTag.project_id == PROJECT_ID, confirms(USER_ID), is_there())
    if wanted.favourite is not None:
        statement = statement.where(favourite if wanted.favourite else ~favourite)
    if wanted.unlocked is not None:
        statement = statement.where(unlocked if wanted.unlocked else ~unlocked)
    newest_first = newest_first_of(statement, PhotoTag.photo_uploaded_at, PhotoTag.photo_id, cut)
    return newest_first.lateral("photos_of_guest")
