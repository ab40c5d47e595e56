"""What a purchase becomes, given what the provider says of its intent. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from acme_db.models.purchase import PurchaseStatus
from acme_payments.gateway import Intent, IntentStatus


@dataclass(frozen=True)
class PurchaseState:
    id: UUID
    amount: int
    currency: str
    status: PurchaseStatus
    refunded_amount: int = 0
    refunded_at: datetime | None = None
    disputed_at: datetime | None = None


@dataclass(frozen=True)
class Transition:
    """The state to write. `anomaly` names what disagreed: then nothing is written."""

    status: PurchaseStatus
    refunded_amount: int
    is_refunded: bool
    is_disputed: bool
    anomaly: str | None = None

    def is_newly_paid(self, before: PurchaseState) -> bool:
        return self.status is PurchaseStatus.PAID and before.status is not PurchaseStatus.PAID


def next_state(purchase: PurchaseState, intent: Intent) -> Transition:
    """Depends on nothing but the two arguments, so events may come late, twice or in any order.

    Paid is left only by a full refund or a lost dispute, which stand beside the status; a failed attempt
    may still succeed on the same intent.
    """
    anomaly = _disagreement(purchase, intent)
    if anomaly is not None:
        return _unchanged(purchase, anomaly)
    refunded = max(purchase.refunded_amount, intent.amount_refunded)
    status = _status(purchase, intent)
    return Transition(
        status=status,
        refunded_amount=refunded,
        is_refunded=status is PurchaseStatus.PAID and refunded >= purchase.amount > 0,
        is_disputed=purchase.disputed_at is not None or intent.is_dispute_lost,
    )


def _status(purchase: PurchaseState, intent: Intent) -> PurchaseStatus:
    if purchase.status is PurchaseStatus.PAID or intent.status is IntentStatus.SUCCEEDED:
        return PurchaseStatus.PAID
    has_failed = intent.status is IntentStatus.REQUIRES_PAYMENT_METHOD and intent.has_failed_attempt
    if intent.status is IntentStatus.CANCELED or has_failed:
        return PurchaseStatus.FAILED
    return PurchaseStatus.PENDING


def _disagreement(purchase: PurchaseState, intent: Intent) -> str | None:
    if intent.metadata.get("purchase_id") != str(purchase.id):
        return "metadata_mismatch"
    if intent.currency != purchase.currency:
        return "currency_mismatch"
    if intent.amount != purchase.amount:
        return "amount_mismatch"
    if intent.status is IntentStatus.SUCCEEDED and intent.amount_received != purchase.amount:
        return "amount_received_mismatch"
    return None


def _unchanged(purchase: PurchaseState, anomaly: str) -> Transition:
    return Transition(
        status=purchase.status,
        refunded_amount=purchase.refunded_amount,
        is_refunded=purchase.refunded_at is not None,
        is_disputed=purchase.disputed_at is not None,
        anomaly=anomaly,
    )
