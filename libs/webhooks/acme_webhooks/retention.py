"""The log of deliveries is kept for a while."""

from datetime import timedelta

from sqlalchemy import func

from acme_config.settings import WebhookLogSettings
from acme_db.engine import SessionFactory
from acme_db.models import WebhookDelivery, WebhookDeliveryState
from acme_db.removal import remove_in_batches

BATCH = 2_000


async def remove_old_deliveries(sessions: SessionFactory, settings: WebhookLogSettings) -> int:
    """With their attempts; what is still on its way stays."""
    return await remove_in_batches(
        sessions,
        WebhookDelivery,
        WebhookDelivery.created_at < func.now() - timedelta(days=settings.kept_days),
        WebhookDelivery.state != WebhookDeliveryState.PENDING,
        batch=BATCH,
    )
