from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Select, bindparam, cast, func, null, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.guards import GuardedListing
from acme_auth.principals import Principal
from acme_backoffice.projects.queries import IS_OWNED
from acme_backoffice.purchases.errors import PurchaseNotFound
from acme_backoffice.purchases.schemas import PurchaseOut
from acme_core.pages import PageRequest
from acme_db.listing import BuiltListing, Cut, Listed, columns_among, newest_first_of
from acme_db.models import (
    Package,
    Photo,
    PhotoTag,
    Project,
    Purchase,
    PurchasePhoto,
    RefundRequest,
    User,
)
from acme_db.models.photo import PhotoStatus
from acme_db.models.photo_tag import ReviewStatus
from acme_db.models.purchase import PurchaseStatus
from acme_db.prepared import Reader
from acme_payments.gateway import Refund

MOST_PHOTOS = 200


@dataclass(frozen=True)
class Sale:
    purchase: Purchase
    user_name: str
    user_email: str
    package_name: str
    project_name: str


def _sales() -> Select[Purchase, str, str, str, str]:
    return (
        select(Purchase, User.name, User.email, Package.name, Project.name)
        .join(User, User.id == Purchase.user_id)
        .join(Package, Package.id == Purchase.package_id)
        .join(Project, Project.id == Purchase.project_id)
    )


def _listed_sales(conditions: Sequence[ColumnElement[bool]], cut: Cut) -> Select[*tuple[Any, ...]]:
    """Cut before names are looked up: else a kept plan may look up those of all 668 that failed, for 51."""
    columns = columns_among(Purchase, PurchaseOut.model_fields)
    sales = select(*columns).where(Purchase.project_id == bindparam("project_id"), *conditions)
    page = newest_first_of(sales, Purchase.created_at, Purchase.id, cut).subquery("sales")
    return (
        select(page, User.name.label("user_name"), Package.name.label("package_name"))
        .join(User, User.id == page.c.user_id)
        .join(Package, Package.id == page.c.package_id)
    )


_SALES = GuardedListing(
    IS_OWNED,
    BuiltListing(
        _listed_sales, Purchase.created_at, Purchase.id, status=Purchase.status == bindparam("status")
    ),
)


async def list_sales(
    reader: Reader, caller: Principal, project_id: UUID, status: PurchaseStatus | None, page: PageRequest
) -> Listed:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    return await _SALES.page(reader, caller, page, project_id=project_id, status=status)


async def get_sale(session: AsyncSession, operator_id: UUID, purchase_id: UUID) -> Sale:
    """Raises `PurchaseNotFound` for what another operator sold too."""
    statement = _sales().where(Purchase.id == purchase_id, Project.operator_id == operator_id)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise PurchaseNotFound
    return Sale(*row)


async def sold_photos(
    session: AsyncSession, purchase: Purchase
) -> tuple[int, Sequence[tuple[Photo, datetime | None]]]:
    """How many there are, and the newest of them with the time of their choice."""
    if not purchase.photo_count and not purchase.gives_access:
        return 0, ()
    statement = _chosen(purchase) if purchase.photo_count else _all_of_buyer(purchase)
    statement = statement.where(Photo.deleted_at.is_(None))
    count = await session.scalar(select(func.count()).select_from(statement.subquery()))
    newest = statement.order_by(Photo.uploaded_at.desc(), Photo.id.desc()).limit(MOST_PHOTOS)
    return count or 0, [(photo, at) for photo, at in (await session.execute(newest)).all()]


def _chosen(purchase: Purchase) -> Select[Photo, datetime | None]:
    return (
        select(Photo, PurchasePhoto.unlocked_at)
        .join(PurchasePhoto, PurchasePhoto.photo_id == Photo.id)
        .where(PurchasePhoto.purchase_id == purchase.id)
    )


def _all_of_buyer(purchase: Purchase) -> Select[Photo, datetime | None]:
    return (
        select(Photo, cast(null(), DateTime(timezone=True)))
        .join(PhotoTag, PhotoTag.photo_id == Photo.id)
        .where(
            Photo.project_id == purchase.project_id,
            Photo.status == PhotoStatus.READY,
            PhotoTag.user_id == purchase.user_id,
            PhotoTag.review_status == ReviewStatus.CONFIRMED,
        )
    )


async def lock_owned_purchase(session: AsyncSession, operator_id: UUID, purchase_id: UUID) -> Purchase:
    """Raises `PurchaseNotFound` for what another operator sold too."""
    purchase = await session.scalar(
        select(Purchase)
        .join(Project, Project.id == Purchase.project_id)
        .where(Purchase.id == purchase_id, Project.operator_id == operator_id)
        .with_for_update(of=Purchase)
    )
    if purchase is None:
        raise PurchaseNotFound
    return purchase


async def find_refund_request(
    session: AsyncSession, purchase_id: UUID, idempotency_key: str
) -> RefundRequest | None:
    request: RefundRequest | None = await session.scalar(
        select(RefundRequest).where(
            RefundRequest.purchase_id == purchase_id, RefundRequest.idempotency_key == idempotency_key
        )
    )
    return request


async def keep_answer(session: AsyncSession, request_id: UUID, refund: Refund) -> None:
    await session.execute(
        update(RefundRequest)
        .where(RefundRequest.id == request_id)
        .values(refund_id=refund.id, refunded_amount=refund.amount, refund_status=refund.status)
    )
