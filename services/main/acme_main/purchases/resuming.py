"""One purchase, with what it takes to go on paying it: after a reload the browser has forgotten."""

import asyncio
from uuid import UUID

import structlog

from acme_config.settings import StripeSettings
from acme_db.models import Purchase
from acme_db.models.purchase import PurchaseStatus
from acme_main.purchases import queries
from acme_main.purchases.schemas import PurchaseDetailOut
from acme_main.purchases.service import purchase_out
from acme_payments.gateway import (
    IntentStatus,
    PaymentGateway,
    PaymentRejected,
    PaymentsMisconfigured,
    PaymentsUnavailable,
)
from acme_web.resources import DataResources

log = structlog.get_logger()

PATIENCE_S = 5.0
"""The purchase is told without waiting longer for the provider."""

PAYABLE = frozenset(
    {
        IntentStatus.REQUIRES_PAYMENT_METHOD,
        IntentStatus.REQUIRES_CONFIRMATION,
        IntentStatus.REQUIRES_ACTION,
    }
)


async def get_purchase(
    data: DataResources, payments: PaymentGateway, stripe: StripeSettings, user_id: UUID, purchase_id: UUID
) -> PurchaseDetailOut:
    """Raises `PurchaseNotFound`."""
    async with data.sessions() as session:
        bought = await queries.get_bought(session, user_id, purchase_id)
    secret = await _client_secret(payments, bought.purchase)
    return PurchaseDetailOut(
        **purchase_out(bought).model_dump(),
        client_secret=secret,
        publishable_key=stripe.publishable_key if secret else None,
    )


async def _client_secret(payments: PaymentGateway, purchase: Purchase) -> str | None:
    """A failed attempt may be followed by another on the same intent."""
    if purchase.status is PurchaseStatus.PAID:
        return None
    try:
        async with asyncio.timeout(PATIENCE_S):
            intent = await payments.retrieve_intent(purchase.stripe_payment_intent_id)
    except (PaymentsUnavailable, PaymentsMisconfigured, PaymentRejected, TimeoutError) as error:
        log.warning("intent_not_read", purchase_id=str(purchase.id), error=type(error).__name__)
        return None
    return intent.client_secret if intent.status in PAYABLE else None
