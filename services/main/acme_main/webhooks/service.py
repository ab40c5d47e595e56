from sqlalchemy.ext.asyncio import AsyncSession

from acme_config.settings import StripeSettings
from acme_jobs.catalogue import PROCESS_STRIPE_EVENT, StripeEventJob
from acme_jobs.outbox import enqueue
from acme_main.webhooks import queries
from acme_main.webhooks.errors import InvalidSignature
from acme_payments.counting import count_lag
from acme_payments.webhooks import InvalidWebhookError, verify_event
from acme_telemetry.metrics import WebhookStage


async def receive(
    session: AsyncSession, stripe: StripeSettings, payload: bytes, signature: str | None
) -> None:
    """Recorded once, with its effect queued in the same transaction. Raises `InvalidSignature`."""
    try:
        event = verify_event(payload, signature, stripe.webhook_secret)
    except InvalidWebhookError as error:
        raise InvalidSignature from error
    if not await queries.record_event(session, event):
        return
    if event.created_at is not None:
        count_lag(session, WebhookStage.RECEIVED, event.created_at)
    if event.intent_id is not None:
        await enqueue(session, PROCESS_STRIPE_EVENT, StripeEventJob(event_id=event.id))
