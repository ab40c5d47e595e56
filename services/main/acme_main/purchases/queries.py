from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, and_, bindparam, case, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.guards import ACCOUNT_ID, OPEN_SESSION, GuardedListing, GuardedRows
from acme_auth.principals import Principal
from acme_core.pages import PageRequest
from acme_db.access import gives_access
from acme_db.listing import Listed, Listing, columns_among
from acme_db.models import (
    ArchiveState,
    Operator,
    Package,
    Photo,
    Project,
    ProjectPackage,
    Purchase,
    PurchaseArchive,
    PurchasePhoto,
)
from acme_db.prepared import Reader
from acme_main.gallery.queries import IS_MEMBER, AccountId, shows
from acme_main.purchases.errors import PackageNotFound, PurchaseNotFound
from acme_main.purchases.schemas import PackageOut, PurchaseOut


@dataclass(frozen=True)
class BoughtPackage:
    """A purchase, with what its buyer wants to know of it."""

    purchase: Purchase
    project_name: str
    package_name: str
    unlocked_count: int
    archive_state: ArchiveState | None


def _on_sale(project_id: UUID | BindParameter[UUID], *columns: Any) -> Select[*tuple[Any, ...]]:
    """In the operator's currency."""
    return (
        select(*columns, Operator.currency)
        .join_from(Package, Operator, Operator.id == Package.operator_id)
        .join(ProjectPackage, ProjectPackage.package_id == Package.id)
        .where(ProjectPackage.project_id == project_id, Package.deleted_at.is_(None))
    )


_ON_SALE = GuardedRows(
    IS_MEMBER,
    _on_sale(bindparam("project_id"), *columns_among(Package, PackageOut.model_fields)),
    Package.price,
    Package.id,
)


async def list_on_sale(reader: Reader, caller: Principal, project_id: UUID) -> Listed:
    """Cheapest first. Raises `SessionEnded` or `ProjectNotFound`."""
    return await _ON_SALE.all(reader, caller, project_id=project_id)


async def find_on_sale(session: AsyncSession, project_id: UUID, package_id: UUID) -> tuple[Package, str]:
    """With its currency. Raises `PackageNotFound`."""
    statement = _on_sale(project_id, Package).where(Package.id == package_id)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise PackageNotFound
    package, currency = row
    return package, currency


async def add_purchase(session: AsyncSession, purchase: dict[str, object]) -> bool:
    """The first of several requests with one id wins; the others, False, find its row."""
    statement = insert(Purchase).values(**purchase).on_conflict_do_nothing(index_elements=["id"])
    return await session.scalar(statement.returning(Purchase.id)) is not None


async def find_purchase(
    session: AsyncSession, user_id: UUID, purchase_id: UUID, *, lock: bool = False
) -> Purchase:
    """Raises `PurchaseNotFound`."""
    statement = select(Purchase).where(Purchase.id == purchase_id, Purchase.user_id == user_id)
    purchase = await session.scalar(statement.with_for_update() if lock else statement)
    if purchase is None:
        raise PurchaseNotFound
    return purchase


def _bought(user_id: AccountId, *columns: Any) -> Select[*tuple[Any, ...]]:
    """A package of all photos unlocks those that there are by now, the others what was chosen."""
    chosen = select(func.count()).where(PurchasePhoto.purchase_id == Purchase.id)
    everything = select(func.count()).where(Photo.project_id == Purchase.project_id, shows(user_id))
    unlocked = case(
        (
            and_(gives_access(), Purchase.photo_count == 0),
            everything.correlate(Purchase).scalar_subquery(),
        ),
        else_=chosen.correlate(Purchase).scalar_subquery(),
    )
    return (
        select(
            *columns,
            Project.name.label("project_name"),
            Package.name.label("package_name"),
            unlocked.label("unlocked_count"),
            PurchaseArchive.state.label("archive_state"),
        )
        .join_from(Purchase, Project, Project.id == Purchase.project_id)
        .join(Package, Package.id == Purchase.package_id)
        .outerjoin(PurchaseArchive, PurchaseArchive.purchase_id == Purchase.id)
        .where(Purchase.user_id == user_id)
    )


async def get_bought(session: AsyncSession, user_id: UUID, purchase_id: UUID) -> BoughtPackage:
    """Raises `PurchaseNotFound`."""
    bought = await find_bought(session, user_id, purchase_id)
    if bought is None:
        raise PurchaseNotFound
    return bought


async def find_bought(session: AsyncSession, user_id: UUID, purchase_id: UUID) -> BoughtPackage | None:
    row = (await session.execute(_bought(user_id, Purchase).where(Purchase.id == purchase_id))).one_or_none()
    return BoughtPackage(*row) if row is not None else None


_BOUGHT = GuardedListing(
    OPEN_SESSION,
    Listing(
        _bought(ACCOUNT_ID, *columns_among(Purchase, PurchaseOut.model_fields)),
        Purchase.created_at,
        Purchase.id,
    ),
)


async def list_bought(reader: Reader, caller: Principal, page: PageRequest) -> Listed:
    """Raises `SessionEnded`."""
    return await _BOUGHT.page(reader, caller, page)


async def photos_of(
    session: AsyncSession, user_id: UUID, project_id: UUID, photo_ids: Sequence[UUID]
) -> set[UUID]:
    """Which of these photos the guest may see in the project."""
    statement = select(Photo.id).where(
        Photo.id.in_(photo_ids), Photo.project_id == project_id, shows(user_id)
    )
    return set((await session.scalars(statement)).all())


async def unlocked_photos(session: AsyncSession, purchase_id: UUID) -> list[UUID]:
    statement = (
        select(PurchasePhoto.photo_id)
        .where(PurchasePhoto.purchase_id == purchase_id)
        .order_by(PurchasePhoto.unlocked_at, PurchasePhoto.photo_id)
    )
    return list((await session.scalars(statement)).all())


async def unlock(session: AsyncSession, purchase_id: UUID, photo_ids: Sequence[UUID]) -> None:
    rows = [{"purchase_id": purchase_id, "photo_id": photo_id} for photo_id in photo_ids]
    await session.execute(
        insert(PurchasePhoto).values(rows).on_conflict_do_nothing(index_elements=["purchase_id", "photo_id"])
    )


async def restart_archive(session: AsyncSession, purchase_id: UUID) -> PurchaseArchive:
    fresh = {
        "state": ArchiveState.BUILDING,
        "photo_count": 0,
        "done_count": 0,
        "requested_at": func.now(),
        "finished_at": None,
    }
    statement = (
        insert(PurchaseArchive)
        .values(purchase_id=purchase_id, **fresh)
        .on_conflict_do_update(index_elements=["purchase_id"], set_=fresh)
        .returning(PurchaseArchive)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).one()


async def find_archive(session: AsyncSession, purchase_id: UUID) -> PurchaseArchive | None:
    return await session.get(PurchaseArchive, purchase_id)
