"""The log of deliveries is kept for a while."""

from sqlalchemy import func

from acme_core.retention import RetentionPolicy, RetentionRule
from acme_db.engine import SessionFactory
from acme_db.models import WebhookDelivery, WebhookDeliveryState
from acme_db.removal import remove_in_batches

BATCH = 2_000


async def remove_old_deliveries(sessions: SessionFactory, policy: RetentionPolicy) -> int:
    """With their attempts; what is still on its way stays."""
    return await remove_in_batches(
        sessions,
        WebhookDelivery,
        WebhookDelivery.created_at < func.now() - policy.kept(RetentionRule.WEBHOOK_LOG),
        WebhookDelivery.state != WebhookDeliveryState.PENDING,
        batch=BATCH,
    )
