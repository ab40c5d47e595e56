from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.guards import ACCOUNT_ID, OPEN_SESSION, GuardedListing
from acme_auth.principals import Principal
from acme_backoffice.photographers.errors import PhotographerNotFound
from acme_backoffice.photographers.schemas import PhotographerOut
from acme_backoffice.projects.queries import IS_OWNED
from acme_backoffice.projects.schemas import ProjectOut
from acme_core.pages import PageRequest
from acme_db.listing import Listed, Listing, columns_among
from acme_db.models import Photographer, Project, ProjectPhotographer
from acme_db.prepared import Reader

_OF_PROJECT = select(ProjectPhotographer.photographer_id).where(
    ProjectPhotographer.project_id == bindparam("project_id")
)
_PHOTOGRAPHERS = Listing(
    select(*columns_among(Photographer, PhotographerOut.model_fields)).where(
        Photographer.operator_id == ACCOUNT_ID, Photographer.deleted_at.is_(None)
    ),
    Photographer.created_at,
    Photographer.id,
    project_id=Photographer.id.in_(_OF_PROJECT),
)
_OWN = GuardedListing(OPEN_SESSION, _PHOTOGRAPHERS)
_ASSIGNED_TO = GuardedListing(IS_OWNED, _PHOTOGRAPHERS)
_OF_PHOTOGRAPHER = select(ProjectPhotographer.project_id).where(
    ProjectPhotographer.photographer_id == ACCOUNT_ID
)
_ASSIGNED = GuardedListing(
    OPEN_SESSION,
    Listing(
        select(*columns_among(Project, ProjectOut.model_fields)).where(
            Project.id.in_(_OF_PHOTOGRAPHER), Project.deleted_at.is_(None)
        ),
        Project.created_at,
        Project.id,
    ),
)


async def find_photographer(session: AsyncSession, operator_id: UUID, photographer_id: UUID) -> Photographer:
    """Raises `PhotographerNotFound` for another operator's photographer too."""
    photographer = await session.scalar(
        select(Photographer).where(
            Photographer.id == photographer_id,
            Photographer.operator_id == operator_id,
            Photographer.deleted_at.is_(None),
        )
    )
    if photographer is None:
        raise PhotographerNotFound
    return photographer


async def list_photographers(
    reader: Reader, caller: Principal, page: PageRequest, *, project_id: UUID | None = None
) -> Listed:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    listing = _OWN if project_id is None else _ASSIGNED_TO
    return await listing.page(reader, caller, page, project_id=project_id)


async def list_assigned_projects(reader: Reader, caller: Principal, page: PageRequest) -> Listed:
    """Raises `SessionEnded`."""
    return await _ASSIGNED.page(reader, caller, page)


async def assign(session: AsyncSession, project_id: UUID, photographer_id: UUID) -> None:
    await session.execute(
        insert(ProjectPhotographer)
        .values(project_id=project_id, photographer_id=photographer_id)
        .on_conflict_do_nothing(index_elements=["project_id", "photographer_id"])
    )


async def unassign(session: AsyncSession, project_id: UUID, photographer_id: UUID) -> None:
    await session.execute(
        delete(ProjectPhotographer).where(
            ProjectPhotographer.project_id == project_id,
            ProjectPhotographer.photographer_id == photographer_id,
        )
    )
