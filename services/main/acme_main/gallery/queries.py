from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Text,
    Uuid,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from acme_auth.guards import ACCOUNT_ID, OPEN_SESSION, Guard, GuardedListing
from acme_auth.principals import Principal
from acme_core.pages import PageRequest
from acme_db.access import gives_access
from acme_db.figures import PROJECTS, Rows
from acme_db.listing import Listed, Listing, columns_among
from acme_db.models import (
    Favourite,
    FigureKind,
    Operator,
    Photo,
    PhotoFace,
    PhotoTag,
    Project,
    ProjectMember,
    Purchase,
    PurchasePhoto,
    User,
)
from acme_db.models.package import Deliverable
from acme_db.models.photo import PhotoStatus
from acme_db.models.photo_tag import ReviewStatus, TagSource
from acme_db.pairs import is_shown_by_another
from acme_db.photo_states import is_of
from acme_db.prepared import Prepared, Reader, Record
from acme_db.totals import Tally
from acme_main.gallery.errors import PhotoNotFound, ProjectNotFound
from acme_main.gallery.schemas import ProjectDetailOut

USER_ID = bindparam("user_id", type_=Uuid())
IS_MEMBER = Guard(
    exists().where(
        ProjectMember.project_id == bindparam("project_id"),
        ProjectMember.user_id == ACCOUNT_ID,
        Project.id == ProjectMember.project_id,
        Project.deleted_at.is_(None),
    ),
    ProjectNotFound,
)
AccountId = UUID | ColumnElement[UUID]
"""A value, or a parameter of a statement that is compiled once."""
ProjectId = AccountId | InstrumentedAttribute[UUID]
"""Likewise, or the column of a row."""


@dataclass(frozen=True)
class PhotoFilter:
    """True: only such photos; False: only the others; what is None does not narrow."""

    favourite: bool | None = None
    unlocked: bool | None = None


@dataclass(frozen=True)
class GuestPhoto:
    """A photo as one guest sees it."""

    photo: Photo
    is_unlocked: bool
    is_favourite: bool


def shows(user_id: AccountId) -> ColumnElement[bool]:
    """A condition: this photo is there to be seen, for itself, and the guest is confirmed to be in it."""
    is_confirmed = (
        select(PhotoTag.id).where(PhotoTag.photo_id == Photo.id, confirms(user_id)).correlate(Photo).exists()
    )
    return and_(is_there(), is_confirmed)


def is_there() -> ColumnElement[bool]:
    """A condition: this photo is to be seen, for itself, by whoever is in it."""
    return and_(
        Photo.status == PhotoStatus.READY,
        Photo.deleted_at.is_(None),
        Photo.withheld_at.is_(None),
        ~is_shown_by_another(),
    )


def confirms(user_id: AccountId) -> ColumnElement[bool]:
    """A condition: this tag lets the guest see its photo."""
    return and_(
        PhotoTag.user_id == user_id,
        PhotoTag.review_status == ReviewStatus.CONFIRMED,
        or_(
            PhotoTag.source == TagSource.MANUAL,
            PhotoTag.reviewed_at.is_not(None),
            PhotoTag.project_id.not_in(_holding_projects(user_id)),
        ),
    )


def _holding_projects(user_id: AccountId) -> Select[UUID]:
    """Those that release matches to verified addresses only, while the guest's is none.

    Of no outer row, so that it is asked once in a statement. What a person decided is no match, and released.
    """
    return (
        select(Project.id)
        .join(ProjectMember, ProjectMember.project_id == Project.id)
        .join(User, User.id == ProjectMember.user_id)
        .where(
            ProjectMember.user_id == user_id,
            Project.matches_need_verified_email,
            User.email_verified_at.is_(None),
        )
        .correlate(None)
    )


def unlocks(user_id: AccountId) -> ColumnElement[bool]:
    """A condition: this purchase of the guest's unlocks this photo."""
    picked = (
        select(PurchasePhoto.photo_id)
        .where(PurchasePhoto.purchase_id == Purchase.id, PurchasePhoto.photo_id == Photo.id)
        .correlate(Purchase, Photo)
        .exists()
    )
    return and_(_is_of(user_id, Photo.project_id), or_(_is_of_all_photos(), picked))


def is_unlocked(user_id: AccountId, project_id: ProjectId = Photo.project_id) -> ColumnElement[bool]:
    """A condition: some purchase of the guest's unlocks this photo.

    With a project that is not the row's own, a list asks what was bought once, and not for each photo.
    """
    bought = _is_of(user_id, project_id)
    all_of_them = select(Purchase.id).where(bought, _is_of_all_photos())
    picked = select(PurchasePhoto.photo_id).join(Purchase, Purchase.id == PurchasePhoto.purchase_id)
    return or_(
        all_of_them.correlate(Photo, Project).exists(),
        Photo.id.in_(picked.where(bought).correlate(Photo, Project)),
    )


def _is_of(user_id: AccountId, project_id: ProjectId) -> ColumnElement[bool]:
    return and_(Purchase.user_id == user_id, Purchase.project_id == project_id, gives_access())


def _is_of_all_photos() -> ColumnElement[bool]:
    return Purchase.photo_count == 0


def is_favourite(user_id: AccountId) -> ColumnElement[bool]:
    """A condition: the guest has marked this photo."""
    return (
        select(Favourite.photo_id)
        .where(Favourite.photo_id == Photo.id, Favourite.user_id == user_id)
        .correlate(Photo)
        .exists()
    )


@cache
def _joined() -> Select[*tuple[Any, ...]]:
    """To put all of its conditions together anew took longer than to run it."""
    user_id = USER_ID
    newest_first = PhotoTag.photo_uploaded_at.desc(), PhotoTag.photo_id.desc()
    thumbnails = func.array_agg(aggregate_order_by(Photo.thumbnail_key, *newest_first), type_=ARRAY(Text))
    mine = (
        select(
            thumbnails[1].label("cover"),
            func.count().label("photos"),
            func.count().filter(is_favourite(user_id)).label("favourites"),
            func.count().filter(is_unlocked(user_id, Project.id)).label("unlocked"),
        )
        .join_from(PhotoTag, Photo, Photo.id == PhotoTag.photo_id)
        .where(PhotoTag.project_id == Project.id, confirms(user_id), is_there())
        .correlate(Project)
        .lateral("mine")
    )
    return (
        select(
            *(
                each
                for each in columns_among(Project, ProjectDetailOut.model_fields)
                if each is not Project.id
            ),
            Project.matches_need_verified_email,
            Operator.name.label("operator_name"),
            Operator.timezone.label("operator_timezone"),
            Operator.profile_picture_key.label("operator_picture_key"),
            ProjectMember.id,
            ProjectMember.project_id,
            ProjectMember.joined_at,
            ProjectMember.terms_accepted_at,
            ProjectMember.backfill_state,
            ProjectMember.backfill_done,
            ProjectMember.backfill_total,
            mine.c.photos.label("my_photo_count"),
            mine.c.favourites.label("favourite_count"),
            mine.c.unlocked.label("unlocked_count"),
            mine.c.cover.label("cover_key"),
        )
        .join_from(Project, Operator, Operator.id == Project.operator_id)
        .join(ProjectMember, ProjectMember.project_id == Project.id)
        .join(mine, true())
        .where(ProjectMember.user_id == user_id, Project.deleted_at.is_(None))
    )


async def photo_counts(reader: Reader, projects: Sequence[UUID]) -> Mapping[UUID, int]:
    """Ready ones, of each whole event."""
    rows = await _tally().of(reader, projects)
    return Counter({row["project_id"]: row["count"] for row in rows})


@cache
def _tally() -> Tally:
    return Tally(_ready, FigureKind.PHOTOS)


def _ready(totals: Subquery) -> Rows:
    """Without raw files that a picture stands for: the figures count the two of them."""
    kept: Rows = select(totals.c.project_id, totals.c.value).where(is_of(totals.c.label, PhotoStatus.READY))
    twice = select(Photo.project_id, literal(-1)).where(
        Photo.project_id == func.any(PROJECTS),
        Photo.status == PhotoStatus.READY,
        Photo.deleted_at.is_(None),
        is_shown_by_another(),
    )
    each = union_all(kept, twice).subquery("each")
    statement: Rows = select(each.c.project_id, func.sum(each.c.value).label("count"))
    return statement.group_by(each.c.project_id)


@cache
def _list_of_joined() -> GuardedListing:
    return GuardedListing(OPEN_SESSION, Listing(_joined(), ProjectMember.joined_at, ProjectMember.id))


async def list_joined(reader: Reader, caller: Principal, page: PageRequest) -> Listed:
    """Raises `SessionEnded`."""
    return await _list_of_joined().page(reader, caller, page, user_id=caller.account_id)


@cache
def _one_joined() -> Prepared:
    return Prepared(_joined().where(Project.id == bindparam("project_id")))


async def find_joined(reader: Reader, user_id: UUID, project_id: UUID) -> Record:
    """Raises `ProjectNotFound` for a project that the guest has not joined too."""
    found = await _one_joined().fetch_by(reader, user_id=user_id, project_id=project_id)
    if not found:
        raise ProjectNotFound
    return found[0]


async def require_member(session: AsyncSession, user_id: UUID, project_id: UUID) -> Project:
    """Raises `ProjectNotFound`."""
    project = await session.scalar(
        select(Project)
        .join(ProjectMember, ProjectMember.project_id == Project.id)
        .where(Project.id == project_id, ProjectMember.user_id == user_id, Project.deleted_at.is_(None))
    )
    if project is None:
        raise ProjectNotFound
    return project


async def is_unverified(session: AsyncSession, user_id: UUID) -> bool:
    return (await session.get_one(User, user_id)).email_verified_at is None


def _photos(user_id: UUID) -> Select[Photo, bool, bool]:
    return select(Photo, is_unlocked(user_id), is_favourite(user_id)).where(shows(user_id))


async def find_photo(session: AsyncSession, user_id: UUID, photo_id: UUID) -> GuestPhoto:
    """Raises `PhotoNotFound` for a photo of others too."""
    row = (await session.execute(_photos(user_id).where(Photo.id == photo_id))).one_or_none()
    if row is None:
        raise PhotoNotFound
    return GuestPhoto(*row)


async def find_own_face(session: AsyncSession, user_id: UUID, photo_id: UUID) -> PhotoFace | None:
    statement = (
        select(PhotoFace)
        .join(PhotoTag, PhotoTag.face_id == PhotoFace.id)
        .where(
            PhotoTag.photo_id == photo_id,
            PhotoTag.user_id == user_id,
            PhotoTag.review_status == ReviewStatus.CONFIRMED,
        )
    )
    face: PhotoFace | None = await session.scalar(statement)
    return face


async def add_favourite(session: AsyncSession, user_id: UUID, photo_id: UUID) -> None:
    await session.execute(
        insert(Favourite)
        .values(user_id=user_id, photo_id=photo_id)
        .on_conflict_do_nothing(index_elements=["user_id", "photo_id"])
    )


async def remove_favourite(session: AsyncSession, user_id: UUID, photo_id: UUID) -> None:
    await session.execute(
        delete(Favourite).where(Favourite.user_id == user_id, Favourite.photo_id == photo_id)
    )


async def best_deliverable(session: AsyncSession, user_id: UUID, photo_id: UUID) -> Deliverable:
    """Of all the purchases that unlock the photo; a package may have promised the original."""
    statement = (
        select(Purchase.deliverable)
        .join(Photo, Photo.project_id == Purchase.project_id)
        .where(Photo.id == photo_id, unlocks(user_id))
    )
    found = set((await session.scalars(statement)).all())
    return Deliverable.ORIGINAL if Deliverable.ORIGINAL in found else Deliverable.WATERMARKED


async def reject_own_tag(session: AsyncSession, user_id: UUID, photo_id: UUID) -> bool:
    """False when there is no such tag. The decision is the guest's and stays so."""
    statement = (
        update(PhotoTag)
        .where(PhotoTag.photo_id == photo_id, PhotoTag.user_id == user_id)
        .values(
            review_status=ReviewStatus.REJECTED,
            reviewed_at=func.now(),
            reviewed_by=user_id,
            confirmed_at=None,
        )
        .returning(PhotoTag.id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None
