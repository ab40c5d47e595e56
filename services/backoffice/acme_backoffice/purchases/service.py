from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Principal
from acme_backoffice.purchases import queries
from acme_backoffice.purchases.queries import Sale
from acme_backoffice.purchases.schemas import PurchaseDetailOut, PurchaseOut, SoldPhotoOut
from acme_core.pages import PageRequest
from acme_db.models import Photo
from acme_db.models.purchase import PurchaseStatus
from acme_db.page_json import page_json
from acme_db.prepared import Reader
from acme_storage.gateway import ObjectStorage


async def list_purchases(
    reader: Reader, caller: Principal, project_id: UUID, status: PurchaseStatus | None, page: PageRequest
) -> bytes:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    return page_json(PurchaseOut, await queries.list_sales(reader, caller, project_id, status, page))


async def get_purchase(
    session: AsyncSession, storage: ObjectStorage, operator_id: UUID, purchase_id: UUID
) -> PurchaseDetailOut:
    """Raises `PurchaseNotFound`."""
    sale = await queries.get_sale(session, operator_id, purchase_id)
    unlocked_count, photos = await queries.sold_photos(session, sale.purchase)
    return PurchaseDetailOut(
        **_purchase_out(sale).model_dump(),
        project_id=sale.purchase.project_id,
        project_name=sale.project_name,
        user_email=sale.user_email,
        deliverable=sale.purchase.deliverable,
        unlocked_count=unlocked_count,
        photos=[_sold_photo_out(photo, unlocked_at, storage) for photo, unlocked_at in photos],
    )


def _sold_photo_out(photo: Photo, unlocked_at: datetime | None, storage: ObjectStorage) -> SoldPhotoOut:
    url = storage.picture_url_of(photo.thumbnail_key)
    return SoldPhotoOut(id=photo.id, filename=photo.filename, thumbnail_url=url, unlocked_at=unlocked_at)


def _purchase_out(sale: Sale) -> PurchaseOut:
    return PurchaseOut.of_row(sale.purchase, user_name=sale.user_name, package_name=sale.package_name)
