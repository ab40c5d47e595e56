"""Refunds: the provider is asked, and its webhook changes the purchase; only the asking is written here."""

from uuid import UUID, uuid5

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_backoffice.purchases import queries
from acme_backoffice.purchases.errors import PaymentsDown, PurchaseNotRefundable, RefundRefused
from acme_backoffice.purchases.schemas import RefundCreate, RefundOut
from acme_core.ids import new_id
from acme_db.models import AuditAction, Purchase
from acme_db.models.purchase import PurchaseStatus
from acme_db.unit_of_work import unit_of_work
from acme_payments.gateway import (
    PaymentGateway,
    PaymentRejected,
    PaymentsMisconfigured,
    PaymentsUnavailable,
)
from acme_web.resources import DataResources


async def refund_purchase(
    data: DataResources,
    payments: PaymentGateway,
    caller: Principal,
    purchase_id: UUID,
    body: RefundCreate,
    idempotency_key: str | None,
) -> RefundOut:
    """Raises `PurchaseNotFound`, `PurchaseNotRefundable`, `RefundRefused` or `PaymentsDown`."""
    async with unit_of_work(data.sessions) as session:
        purchase = await queries.find_owned_purchase(session, caller.account_id, purchase_id)
        _require_refundable(purchase, body.amount)
        record(session, AuditAction.REFUND_ASKED, caller, purchase.id, amount=body.amount)
    request_id = uuid5(purchase.id, idempotency_key) if idempotency_key else new_id()
    try:
        refund = await payments.refund(
            purchase.stripe_payment_intent_id, amount=body.amount, idempotency_key=f"refund:{request_id}"
        )
    except PaymentRejected as error:
        raise RefundRefused(str(error)) from error
    except (PaymentsUnavailable, PaymentsMisconfigured) as error:
        raise PaymentsDown(headers={"Retry-After": "5"}) from error
    return RefundOut(purchase_id=purchase.id, refund_id=refund.id, amount=refund.amount, status=refund.status)


def _require_refundable(purchase: Purchase, amount: int | None) -> None:
    left = purchase.amount - purchase.refunded_amount
    if purchase.status is not PurchaseStatus.PAID or left <= 0 or (amount or 0) > left:
        raise PurchaseNotRefundable
