from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.purchases.errors import PurchaseNotFound
from acme_core.pages import PageRequest
from acme_db.keyset import newest_first
from acme_db.models import Package, Project, Purchase, User


@dataclass(frozen=True)
class Sale:
    purchase: Purchase
    user: User
    package: Package


async def list_sales(session: AsyncSession, project_id: UUID, page: PageRequest) -> Sequence[Sale]:
    statement = (
        select(Purchase, User, Package)
        .join(User, User.id == Purchase.user_id)
        .join(Package, Package.id == Purchase.package_id)
        .where(Purchase.project_id == project_id)
    )
    statement = newest_first(statement, Purchase.created_at, Purchase.id, page)
    rows = (await session.execute(statement)).all()
    return [Sale(purchase, user, package) for purchase, user, package in rows]


async def find_owned_purchase(session: AsyncSession, operator_id: UUID, purchase_id: UUID) -> Purchase:
    """Raises `PurchaseNotFound` for what another operator sold too."""
    purchase = await session.scalar(
        select(Purchase)
        .join(Project, Project.id == Purchase.project_id)
        .where(Purchase.id == purchase_id, Project.operator_id == operator_id)
    )
    if purchase is None:
        raise PurchaseNotFound
    return purchase
