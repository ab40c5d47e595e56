"""Holds purchases against what the provider says of their intents, both ways."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncEngine

from acme_core.clock import utc_now
from acme_db.models.purchase import PurchaseStatus
from acme_payments.gateway import Intent, IntentStatus, PaymentGateway
from acme_standalone.verify.findings import Finding

SETTLED_AFTER = timedelta(minutes=5)
"""The webhooks of what is newer may still be on their way."""
OVERLAP = timedelta(hours=1)
"""An intent is a little older than its purchase."""

PURCHASES = """
    SELECT stripe_payment_intent_id AS intent_id, id, status, amount, currency, refunded_amount
    FROM purchases WHERE stripe_payment_intent_id LIKE 'pi\\_%' AND created_at > :oldest
"""

Purchases = Mapping[str, Row[Any]]
"""By the id of their intent."""


async def check_payments(
    engine: AsyncEngine, gateway: PaymentGateway, age: timedelta, settled_after: timedelta = SETTLED_AFTER
) -> list[Finding]:
    """Of purchases no older than `age`."""
    oldest = utc_now() - age
    settled = utc_now() - settled_after
    intents = {intent.id: intent async for intent in gateway.list_intents(oldest - OVERLAP)}
    async with engine.connect() as connection:
        found = await connection.execute(text(PURCHASES), {"oldest": oldest})
        purchases = {row.intent_id: row for row in found}
    unpaid = [
        intent.id
        for intent in intents.values()
        if oldest < intent.created_at < settled and not _is_credited(intent, purchases)
    ]
    unearned = [str(row.id) for row in purchases.values() if not _is_earned(row, intents.get(row.intent_id))]
    return [
        Finding.of("Every paid intent is a paid purchase of the same amount", unpaid),
        Finding.of("Every paid purchase was paid at the provider, and refunded no more than there", unearned),
    ]


def _is_credited(intent: Intent, purchases: Purchases) -> bool:
    """Other software may share the provider's account: its intents name no purchase of ours."""
    if intent.status is not IntentStatus.SUCCEEDED or "purchase_id" not in intent.metadata:
        return True
    row = purchases.get(intent.id)
    return (
        row is not None
        and row.status == PurchaseStatus.PAID
        and (row.amount, row.currency) == (intent.amount_received, intent.currency)
        and row.refunded_amount == intent.amount_refunded
    )


def _is_earned(row: Row[Any], intent: Intent | None) -> bool:
    if row.status != PurchaseStatus.PAID:
        return True
    return (
        intent is not None
        and intent.status is IntentStatus.SUCCEEDED
        and row.refunded_amount <= intent.amount_refunded
    )
