from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.purchases import queries
from acme_backoffice.purchases.queries import Sale
from acme_backoffice.purchases.schemas import PurchaseOut
from acme_core.pages import Cursor, Page, PageRequest, cut_page


async def list_purchases(session: AsyncSession, project_id: UUID, page: PageRequest) -> Page[PurchaseOut]:
    rows = await queries.list_sales(session, project_id, page)
    items, cursor = cut_page(rows, page.limit, lambda row: Cursor(row.purchase.created_at, row.purchase.id))
    return Page(items=[_purchase_out(item) for item in items], next_cursor=cursor)


def _purchase_out(sale: Sale) -> PurchaseOut:
    names = PurchaseOut.model_fields.keys() - {"user_name", "package_name"}
    columns = {name: getattr(sale.purchase, name) for name in names}
    return PurchaseOut(user_name=sale.user.name, package_name=sale.package.name, **columns)
