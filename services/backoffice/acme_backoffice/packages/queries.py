from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.packages.errors import PackageNotFound
from acme_core.pages import PageRequest
from acme_db.keyset import newest_first
from acme_db.models import Package, ProjectPackage


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
    session: AsyncSession, operator_id: UUID, page: PageRequest, *, project_id: UUID | None = None
) -> Sequence[Package]:
    statement = select(Package).where(Package.operator_id == operator_id, Package.deleted_at.is_(None))
    if project_id is not None:
        on_sale = select(ProjectPackage.package_id).where(ProjectPackage.project_id == project_id)
        statement = statement.where(Package.id.in_(on_sale))
    statement = newest_first(statement, Package.created_at, Package.id, page)
    return (await session.scalars(statement)).all()


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
