from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import Project, Purchase, StripeEvent
from acme_db.models.purchase import PurchaseStatus


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


async def operator_of(session: AsyncSession, project_id: UUID) -> UUID:
    return (await session.get_one(Project, project_id)).operator_id
