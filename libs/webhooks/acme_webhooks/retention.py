"""The log of deliveries is kept for a while."""

from datetime import timedelta

from sqlalchemy import delete, func, select

from acme_config.settings import WebhookLogSettings
from acme_db.engine import SessionFactory
from acme_db.models import WebhookDelivery, WebhookDeliveryState
from acme_db.unit_of_work import unit_of_work

BATCH = 2_000


async def remove_old_deliveries(sessions: SessionFactory, settings: WebhookLogSettings) -> int:
    """With their attempts; what is still on its way stays."""
    old = (
        select(WebhookDelivery.id)
        .where(
            WebhookDelivery.created_at < func.now() - timedelta(days=settings.kept_days),
            WebhookDelivery.state != WebhookDeliveryState.PENDING,
        )
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    statement = (
        delete(WebhookDelivery)
        .where(WebhookDelivery.id.in_(old))
        .execution_options(synchronize_session=False)
    )
    count = 0
    while True:
        async with unit_of_work(sessions) as session:
            removed = int(getattr(await session.execute(statement), "rowcount", 0))
        count += removed
        if removed < BATCH:
            return count
