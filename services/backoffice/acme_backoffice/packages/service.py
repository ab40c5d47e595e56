from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_backoffice.packages import queries
from acme_backoffice.packages.schemas import PackageCreate, PackageOut, PackageUpdate
from acme_core.clock import utc_now
from acme_core.pages import PageRequest
from acme_db.models import AuditAction, Package
from acme_db.page_json import page_json
from acme_db.prepared import Reader
from acme_db.versions import require_version


async def create_package(session: AsyncSession, caller: Principal, body: PackageCreate) -> Package:
    package = Package(operator_id=caller.account_id, **body.model_dump())
    session.add(package)
    await session.flush()  # the database sets its id and times
    record(session, AuditAction.PACKAGE_CREATED, caller, package.id, price=package.price)
    return package


async def list_packages(
    reader: Reader, caller: Principal, page: PageRequest, *, project_id: UUID | None = None
) -> bytes:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    return page_json(PackageOut, await queries.list_packages(reader, caller, page, project_id=project_id))


async def update_package(
    session: AsyncSession, caller: Principal, package: Package, body: PackageUpdate
) -> Package:
    """What is sold already keeps its price and count: a purchase copies them. Raises `StaleVersion`."""
    require_version(package, body.version)
    changes = body.model_dump(exclude_unset=True, exclude={"version"})
    for name, value in changes.items():
        setattr(package, name, value)
    package.updated_at = utc_now()
    await session.flush()  # the version counts
    record(session, AuditAction.PACKAGE_CHANGED, caller, package.id, price=package.price)
    return package


def delete_package(session: AsyncSession, caller: Principal, package: Package) -> None:
    package.deleted_at = utc_now()
    record(session, AuditAction.PACKAGE_DELETED, caller, package.id)


async def put_on_sale(session: AsyncSession, caller: Principal, project_id: UUID, package_id: UUID) -> None:
    """Idempotent."""
    if await queries.put_on_sale(session, project_id, package_id):
        record(session, AuditAction.PACKAGE_PUT_ON_SALE, caller, package_id, project=str(project_id))


async def take_off_sale(session: AsyncSession, caller: Principal, project_id: UUID, package_id: UUID) -> None:
    """Idempotent."""
    if await queries.take_off_sale(session, project_id, package_id):
        record(session, AuditAction.PACKAGE_TAKEN_OFF_SALE, caller, package_id, project=str(project_id))
