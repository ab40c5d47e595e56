from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Principal, Role
from acme_core.pages import PageRequest
from acme_core.photos import FailureCode
from acme_db.keyset import newest_first
from acme_db.models import Photo, Project
from acme_db.models.photo import PhotoStatus, UploadState
from acme_media.photos.errors import PhotoNotFound


def _may_handle(caller: Principal) -> ColumnElement[bool]:
    """A condition: this photo is the photographer's own, or of a project of the operator's."""
    if caller.role is Role.PHOTOGRAPHER:
        return Photo.photographer_id == caller.account_id
    return exists().where(Project.id == Photo.project_id, Project.operator_id == caller.account_id)


async def find_same_file(session: AsyncSession, project_id: UUID, sha256: str) -> Photo:
    statement = select(Photo).where(
        Photo.project_id == project_id,
        Photo.sha256 == sha256,
        Photo.deleted_at.is_(None),
        Photo.status != PhotoStatus.FAILED,
    )
    return (await session.scalars(statement.with_for_update())).one()


async def find_photo(
    session: AsyncSession, caller: Principal, photo_id: UUID, *, lock: bool = False
) -> Photo:
    """Raises `PhotoNotFound`."""
    statement = select(Photo).where(Photo.id == photo_id, Photo.deleted_at.is_(None), _may_handle(caller))
    photo = await session.scalar(statement.with_for_update() if lock else statement)
    if photo is None:
        raise PhotoNotFound
    return photo


async def list_photos(
    session: AsyncSession,
    caller: Principal,
    project_id: UUID | None,
    status: PhotoStatus | None,
    page: PageRequest,
) -> Sequence[Photo]:
    statement = select(Photo).where(Photo.deleted_at.is_(None))
    if project_id is not None:
        statement = statement.where(Photo.project_id == project_id)
    if status is not None:
        statement = statement.where(Photo.status == status)
    if caller.role is Role.OPERATOR and project_id is None:
        statement = _newest_of_each_project(statement, caller, page)
    else:
        statement = statement.where(_may_handle(caller))
    statement = newest_first(statement, Photo.uploaded_at, Photo.id, page)
    return (await session.scalars(statement)).all()


def _newest_of_each_project(statement: Select[Photo], caller: Principal, page: PageRequest) -> Select[Photo]:
    """A page of each of the operator's projects that can have a part in it; no index has the order of all.

    Those are as many as the page has rows, by their newest photo: of every other project, each photo is
    older than that many.
    """
    columns = statement.with_only_columns(Photo.id, Photo.uploaded_at)
    first = newest_first(
        columns.where(Photo.project_id == Project.id), Photo.uploaded_at, Photo.id, replace(page, limit=0)
    )
    leader = first.correlate(Project).lateral("leader")
    leading = (
        select(Project.id)
        .join(leader, true())
        .where(Project.operator_id == caller.account_id)
        .order_by(leader.c.uploaded_at.desc(), leader.c.id.desc())
        .limit(page.limit + 1)
        .subquery("leading")
    )
    newest = newest_first(columns.where(Photo.project_id == leading.c.id), Photo.uploaded_at, Photo.id, page)
    each = newest.correlate(leading).lateral("newest")
    chosen = (
        select(each.c.id)
        .select_from(leading.join(each, true()))
        .order_by(each.c.uploaded_at.desc(), each.c.id.desc())
        .limit(page.limit + 1)
    )
    return select(Photo).where(Photo.id.in_(chosen))


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
