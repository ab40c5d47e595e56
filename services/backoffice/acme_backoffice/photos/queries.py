from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.guards import ACCOUNT_ID, Guard, GuardedListing
from acme_auth.principals import Principal, Role
from acme_backoffice.photos.errors import PhotoNotFound
from acme_backoffice.photos.schemas import PhotoOut
from acme_backoffice.projects.errors import ProjectNotFound
from acme_core.pages import PageRequest
from acme_db.listing import Listed, Listing
from acme_db.models import Photo, Project, ProjectPhotographer
from acme_db.models.photo import PhotoStatus
from acme_db.pairs import is_shown_by_another
from acme_db.photo_rows import photo_columns
from acme_db.prepared import Reader

_PHOTOS = Listing(
    select(*photo_columns(PhotoOut.model_fields)).where(
        Photo.project_id == bindparam("project_id"), Photo.deleted_at.is_(None)
    ),
    Photo.uploaded_at,
    Photo.id,
    status=Photo.status == bindparam("status"),
)


def _visible_projects(role: Role, account_id: UUID | BindParameter[UUID]) -> Select[UUID]:
    """An operator sees the projects that are theirs, a photographer those that they are assigned to."""
    statement = select(Project.id).where(Project.deleted_at.is_(None))
    if role is Role.OPERATOR:
        return statement.where(Project.operator_id == account_id)
    return statement.where(
        exists().where(
            ProjectPhotographer.project_id == Project.id,
            ProjectPhotographer.photographer_id == account_id,
        )
    )


def _is_visible(role: Role) -> Guard:
    visible = _visible_projects(role, ACCOUNT_ID).where(Project.id == bindparam("project_id"))
    return Guard(visible.exists(), ProjectNotFound)


_PHOTOS_FOR = {
    role: GuardedListing(_is_visible(role), _PHOTOS) for role in (Role.OPERATOR, Role.PHOTOGRAPHER)
}


async def list_photos(
    reader: Reader, caller: Principal, project_id: UUID, page: PageRequest, status: PhotoStatus | None
) -> Listed:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    return await _PHOTOS_FOR[caller.role].page(reader, caller, page, project_id=project_id, status=status)


async def list_hashes(session: AsyncSession, project_id: UUID, limit: int) -> dict[UUID, int]:
    """Perceptual hashes, as unsigned numbers, of the project's newest ready photos."""
    statement = (
        select(Photo.id, Photo.perceptual_hash)
        .where(
            Photo.project_id == project_id,
            Photo.status == PhotoStatus.READY,
            Photo.deleted_at.is_(None),
            Photo.perceptual_hash.is_not(None),
            ~is_shown_by_another(),
        )
        .order_by(Photo.uploaded_at.desc(), Photo.id.desc())
        .limit(limit)
    )
    rows = (await session.execute(statement)).all()
    return {photo_id: value % 2**64 for photo_id, value in rows if value is not None}


async def get_photos(session: AsyncSession, photo_ids: Sequence[UUID]) -> dict[UUID, Photo]:
    photos = (await session.scalars(select(Photo).where(Photo.id.in_(photo_ids)))).all()
    return {photo.id: photo for photo in photos}


async def lock_photo_of(session: AsyncSession, caller: Principal, photo_id: UUID) -> Photo:
    """A photo that the caller may delete: the operator's, or the photographer's own.

    Raises `PhotoNotFound`.
    """
    statement = select(Photo).where(
        Photo.id == photo_id,
        Photo.deleted_at.is_(None),
        Photo.project_id.in_(_visible_projects(caller.role, caller.account_id)),
    )
    if caller.role is Role.PHOTOGRAPHER:
        statement = statement.where(Photo.photographer_id == caller.account_id)
    photo = await session.scalar(statement.with_for_update())
    if photo is None:
        raise PhotoNotFound
    return photo
