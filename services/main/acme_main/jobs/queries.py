from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Role
from acme_db.models import (
    ErasureReceipt,
    Operator,
    Package,
    Photographer,
    Project,
    Purchase,
    Selfie,
    StripeEvent,
    User,
)
from acme_db.models.purchase import PurchaseStatus


@dataclass(frozen=True)
class PurchaseDetails:
    purchase: Purchase
    package: Package
    project: Project


async def get_event(session: AsyncSession, event_id: str) -> StripeEvent | None:
    return await session.get(StripeEvent, event_id)


async def mark_processed(session: AsyncSession, event_id: str) -> None:
    await session.execute(
        update(StripeEvent).where(StripeEvent.id == event_id).values(processed_at=func.now())
    )


async def lock_purchase(session: AsyncSession, intent_id: str) -> Purchase | None:
    statement = select(Purchase).where(Purchase.stripe_payment_intent_id == intent_id).with_for_update()
    purchase: Purchase | None = await session.scalar(statement)
    return purchase


async def pending_intents(session: AsyncSession, older_than: timedelta, limit: int) -> list[str]:
    statement = (
        select(Purchase.stripe_payment_intent_id)
        .where(
            Purchase.status == PurchaseStatus.PENDING,
            Purchase.created_at < func.now() - older_than,
            Purchase.created_at > func.now() - timedelta(days=7),
        )
        .order_by(Purchase.created_at)
        .limit(limit)
    )
    return list((await session.scalars(statement)).all())


async def get_account(
    session: AsyncSession, role: Role, account_id: UUID
) -> User | Operator | Photographer | None:
    """None for one that has been deleted."""
    account: User | Operator | Photographer | None
    if role is Role.OPERATOR:
        account = await session.get(Operator, account_id)
    elif role is Role.PHOTOGRAPHER:
        account = await session.get(Photographer, account_id)
    else:
        account = await session.get(User, account_id)
    return account if account is not None and account.deleted_at is None else None


async def get_user(session: AsyncSession, user_id: UUID) -> User | None:
    return await session.get(User, user_id)


async def get_photographer(
    session: AsyncSession, photographer_id: UUID
) -> tuple[Photographer, Operator] | None:
    statement = (
        select(Photographer, Operator)
        .join(Operator, Operator.id == Photographer.operator_id)
        .where(Photographer.id == photographer_id, Photographer.deleted_at.is_(None))
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1])


async def get_purchase(session: AsyncSession, purchase_id: UUID) -> PurchaseDetails:
    statement = (
        select(Purchase, Package, Project)
        .join(Package, Package.id == Purchase.package_id)
        .join(Project, Project.id == Purchase.project_id)
        .where(Purchase.id == purchase_id)
    )
    purchase, package, project = (await session.execute(statement)).one()
    return PurchaseDetails(purchase, package, project)


async def get_selfie(session: AsyncSession, selfie_id: UUID) -> Selfie | None:
    return await session.get(Selfie, selfie_id)


async def get_receipt(session: AsyncSession, receipt_id: UUID) -> ErasureReceipt:
    return await session.get_one(ErasureReceipt, receipt_id)
