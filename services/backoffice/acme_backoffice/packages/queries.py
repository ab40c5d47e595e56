from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.guards import ACCOUNT_ID, OPEN_SESSION, GuardedListing
from acme_auth.principals import Principal
from acme_backoffice.packages.errors import PackageNotFound
from acme_backoffice.packages.schemas import PackageOut
from acme_backoffice.projects.queries import IS_OWNED
from acme_core.pages import PageRequest
from acme_db.listing import Listed, Listing, columns_among
from acme_db.models import Package, ProjectPackage
from acme_db.prepared import Reader

_ON_SALE = select(ProjectPackage.package_id).where(ProjectPackage.project_id == bindparam("project_id"))
_PACKAGES = Listing(
    select(*columns_among(Package, PackageOut.model_fields)).where(
        Package.operator_id == ACCOUNT_ID, Package.deleted_at.is_(None)
    ),
    Package.created_at,
    Package.id,
    project_id=Package.id.in_(_ON_SALE),
)
_OWN = GuardedListing(OPEN_SESSION, _PACKAGES)
_OF_PROJECT = GuardedListing(IS_OWNED, _PACKAGES)


async def find_package(session: AsyncSession, operator_id: UUID, package_id: UUID) -> Package:
    """Raises `PackageNotFound` for another operator's package too."""
    package = await session.scalar(
        select(Package).where(
            Package.id == package_id, Package.operator_id == operator_id, Package.deleted_at.is_(None)
        )
    )
    if package is None:
        raise PackageNotFound
    return package


async def list_packages(
    reader: Reader, caller: Principal, page: PageRequest, *, project_id: UUID | None = None
) -> Listed:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    listing = _OWN if project_id is None else _OF_PROJECT
    return await listing.page(reader, caller, page, project_id=project_id)


async def put_on_sale(session: AsyncSession, project_id: UUID, package_id: UUID) -> bool:
    """False when it was on sale already."""
    statement = (
        insert(ProjectPackage)
        .values(project_id=project_id, package_id=package_id)
        .on_conflict_do_nothing(index_elements=["project_id", "package_id"])
        .returning(ProjectPackage.package_id)
    )
    return await session.scalar(statement) is not None


async def take_off_sale(session: AsyncSession, project_id: UUID, package_id: UUID) -> bool:
    """False when it was not on sale."""
    statement = (
        delete(ProjectPackage)
        .where(ProjectPackage.project_id == project_id, ProjectPackage.package_id == package_id)
        .returning(ProjectPackage.package_id)
    )
    return await session.scalar(statement) is not None
