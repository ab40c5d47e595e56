from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import StripeEvent
from acme_payments.webhooks import WebhookEvent


async def record_event(session: AsyncSession, event: WebhookEvent) -> bool:
    """False when this event has been recorded before."""
    statement = (
        insert(StripeEvent)
        .values(id=event.id, type=event.type, intent_id=event.intent_id)
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(StripeEvent.id)
    )
    return await session.scalar(statement) is not None
