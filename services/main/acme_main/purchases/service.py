from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_core.pages import PageRequest
from acme_db.models import AuditAction, Purchase
from acme_db.page_json import Told, page_json
from acme_db.prepared import Reader, Record
from acme_main.gallery.errors import PhotoNotFound
from acme_main.purchases import queries
from acme_main.purchases.errors import PhotoCountExceeded, PurchaseNotPaid
from acme_main.purchases.queries import BoughtPackage
from acme_main.purchases.schemas import PackageOut, PurchaseOut, UnlockOut, UnlockRequest


async def list_packages(reader: Reader, caller: Principal, project_id: UUID) -> bytes:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    return page_json(PackageOut, await queries.list_on_sale(reader, caller, project_id))


async def list_purchases(reader: Reader, caller: Principal, page: PageRequest) -> bytes:
    """Raises `SessionEnded`."""

    def told(row: Record) -> Told:
        return {"remaining": _remaining(row["photo_count"], row["unlocked_count"])}

    return page_json(PurchaseOut, await queries.list_bought(reader, caller, page), told)


def purchase_out(bought: BoughtPackage) -> PurchaseOut:
    purchase = bought.purchase
    return PurchaseOut.of_row(
        purchase,
        project_name=bought.project_name,
        package_name=bought.package_name,
        unlocked_count=bought.unlocked_count,
        remaining=_remaining(purchase.photo_count, bought.unlocked_count),
        archive_state=bought.archive_state,
    )


def _remaining(photo_count: int, unlocked_count: int) -> int | None:
    return photo_count - unlocked_count if photo_count else None


async def unlock_photos(
    session: AsyncSession, caller: Principal, purchase_id: UUID, body: UnlockRequest
) -> UnlockOut:
    """Under the purchase's row lock, so that a crowd of requests cannot unlock more than was bought.

    Raises `PurchaseNotFound`, `PurchaseNotPaid`, `PhotoNotFound` or `PhotoCountExceeded`; all or nothing.
    """
    user_id = caller.account_id
    purchase = await queries.find_purchase(session, user_id, purchase_id, lock=True)
    require_access(purchase)
    wanted = list(dict.fromkeys(body.photo_ids))
    if await queries.photos_of(session, user_id, purchase.project_id, wanted) != set(wanted):
        raise PhotoNotFound
    unlocked = await queries.unlocked_photos(session, purchase.id)
    total = list(dict.fromkeys([*unlocked, *wanted]))
    if purchase.photo_count and len(total) > purchase.photo_count:
        raise PhotoCountExceeded
    if new := [photo_id for photo_id in wanted if photo_id not in unlocked]:
        await queries.unlock(session, purchase.id, new)
        record(session, AuditAction.PHOTOS_UNLOCKED, caller, purchase.id, photos=[str(each) for each in new])
    return UnlockOut(
        purchase_id=purchase.id,
        photo_count=purchase.photo_count,
        unlocked=total,
        remaining=_remaining(purchase.photo_count, len(total)),
    )


def require_access(purchase: Purchase) -> None:
    """Raises `PurchaseNotPaid`."""
    if not purchase.gives_access:
        raise PurchaseNotPaid
