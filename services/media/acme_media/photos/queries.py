from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    any_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.guards import ACCOUNT_ID, OPEN_SESSION, GuardedListing
from acme_auth.principals import Principal, Role
from acme_core.pages import PageRequest
from acme_core.photos import FailureCode
from acme_db.listing import BuiltListing, Cut, Listed, Listing, newest_first_of
from acme_db.models import Photo, Photographer, Project
from acme_db.models.photo import IS_HELD, PhotoStatus, UploadState
from acme_db.photo_rows import photo_columns
from acme_db.prepared import Reader
from acme_media.photos.errors import PhotoNotFound
from acme_media.photos.schemas import PhotoOut

_OF_LIST = photo_columns(PhotoOut.model_fields)
_NARROWING = {"status": Photo.status == bindparam("status")}


def _listing(condition: ColumnElement[bool]) -> GuardedListing:
    shown = select(*_OF_LIST).where(Photo.deleted_at.is_(None), condition)
    of_project = Photo.project_id == bindparam("project_id")
    listing = Listing(shown, Photo.uploaded_at, Photo.id, project_id=of_project, **_NARROWING)
    return GuardedListing(OPEN_SESSION, listing)


def _may_handle(caller: Principal) -> ColumnElement[bool]:
    """A condition: this photo is the photographer's own, or of a project of the operator's."""
    if caller.role is Role.PHOTOGRAPHER:
        return Photo.photographer_id == caller.account_id
    return exists().where(Project.id == Photo.project_id, Project.operator_id == caller.account_id)


async def lock_same_files(
    session: AsyncSession, project_id: UUID, digests: Sequence[str]
) -> list[tuple[str, Photo]]:
    """With their digests, in the order of these: two who announce the same files wait for each other once."""
    rows = await session.execute(_SAME_FILES, {"project_id": project_id, "digests": digests})
    return [(digest or "", photo) for digest, photo in rows.all()]


_SAME_FILES = (
    select(Photo.sha256, Photo)
    .where(
        Photo.project_id == bindparam("project_id"),
        Photo.sha256 == any_(bindparam("digests", type_=ARRAY(String))),
        text(IS_HELD),
    )
    .order_by(Photo.sha256)
    .with_for_update()
)


async def find_photo(
    session: AsyncSession, caller: Principal, photo_id: UUID, *, lock: bool = False
) -> Photo:
    """Raises `PhotoNotFound`."""
    statement = select(Photo).where(Photo.id == photo_id, Photo.deleted_at.is_(None), _may_handle(caller))
    photo = await session.scalar(statement.with_for_update() if lock else statement)
    if photo is None:
        raise PhotoNotFound
    return photo


_OWN = _listing(Photo.photographer_id == ACCOUNT_ID)
_OF_OPERATOR = _listing(exists().where(Project.id == Photo.project_id, Project.operator_id == ACCOUNT_ID))


async def list_photos(
    reader: Reader,
    caller: Principal,
    project_id: UUID | None,
    status: PhotoStatus | None,
    page: PageRequest,
) -> Listed:
    """Raises `SessionEnded`."""
    if caller.role is Role.OPERATOR and project_id is None:
        return await _OF_ALL_PROJECTS.page(reader, caller, page, status=status)
    listing = _OF_OPERATOR if caller.role is Role.OPERATOR else _OWN
    return await listing.page(reader, caller, page, project_id=project_id, status=status)


_ONE: ColumnElement[int] = literal_column("1")
"""Written out: for a number that it does not know the planner is ready to sort all there is."""


def _newest_of_each_photographer(
    conditions: Sequence[ColumnElement[bool]], cut: Cut
) -> Select[*tuple[Any, ...]]:
    """A page of each photographer of the operator's who can have a part in it; no index has the order of all.

    Theirs are all photos of the operator's projects, and nobody else's: assignments are of one operator. They
    are fewer than projects are, whose newest photos took four fifths of the time to find.

    Those are as many as the page has rows, by their newest photo: of everybody else, each photo is older than
    that many. And nothing in the page is older than a whole page of the first of them, without which fifty
    pages were read for one.
    """
    columns = select(Photo.id, Photo.uploaded_at).where(Photo.deleted_at.is_(None), *conditions)
    newest_of = partial(newest_first_of, at=Photo.uploaded_at, row_id=Photo.id, cut=cut)
    rows = literal_column(str(cut.rows), Integer)
    of_each = columns.where(Photo.photographer_id == Photographer.id)
    leader = newest_of(of_each).limit(_ONE).correlate(Photographer).lateral("leader")
    leading = (
        select(Photographer.id, leader.c.uploaded_at)
        .join(leader, true())
        .where(Photographer.operator_id == ACCOUNT_ID)
        .order_by(leader.c.uploaded_at.desc(), leader.c.id.desc())
        .limit(rows)
        .cte("leading")
    )
    first = select(leading.c.id).order_by(leading.c.uploaded_at.desc()).limit(_ONE).scalar_subquery()
    page_of_first = newest_of(columns.where(Photo.photographer_id == first)).subquery("page_of_first")
    is_whole = func.count() == rows
    oldest = select(case((is_whole, func.min(page_of_first.c.uploaded_at)))).scalar_subquery()
    since = func.coalesce(oldest, literal_column("'-infinity'::timestamptz"))
    newest = newest_of(columns.where(Photo.photographer_id == leading.c.id, Photo.uploaded_at >= since))
    each = newest.correlate(leading).lateral("newest")
    chosen = (
        select(each.c.id)
        .select_from(leading.join(each, true()))
        .order_by(each.c.uploaded_at.desc(), each.c.id.desc())
        .limit(rows)
    )
    return newest_of(select(*_OF_LIST).where(Photo.id.in_(chosen)))


_OF_ALL_PROJECTS = GuardedListing(
    OPEN_SESSION, BuiltListing(_newest_of_each_photographer, Photo.uploaded_at, Photo.id, **_NARROWING)
)


async def list_overdue(session: AsyncSession, limit: int) -> Sequence[Photo]:
    """Photos whose upload was announced and whose URL has run out, or that were sent but never completed."""
    statement = (
        select(Photo)
        .where(
            Photo.upload_state == UploadState.ISSUED,
            Photo.deleted_at.is_(None),
            or_(
                Photo.upload_expires_at < func.now(),
                and_(Photo.created_at < func.now() - text("interval '60 seconds'")),
            ),
        )
        .order_by(Photo.upload_expires_at)
        .limit(limit)
    )
    return (await session.scalars(statement)).all()


async def expire_upload(session: AsyncSession, photo_id: UUID) -> bool:
    """False when it was completed in the meantime."""
    statement = (
        update(Photo)
        .where(Photo.id == photo_id, Photo.upload_state == UploadState.ISSUED)
        .values(
            upload_state=UploadState.EXPIRED,
            status=PhotoStatus.FAILED,
            failure_code=FailureCode.UPLOAD_EXPIRED,
        )
        .returning(Photo.id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None
