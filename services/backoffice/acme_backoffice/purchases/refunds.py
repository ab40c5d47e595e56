"""Refunds: the provider is asked, and its webhook changes the purchase; only the asking is written here."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_backoffice.purchases import queries
from acme_backoffice.purchases.errors import (
    IdempotencyKeyReused,
    PaymentsDown,
    PurchaseNotRefundable,
    RefundRefused,
)
from acme_backoffice.purchases.schemas import RefundCreate, RefundOut
from acme_db.models import AuditAction, Purchase, RefundRequest
from acme_db.models.purchase import PurchaseStatus
from acme_db.unit_of_work import unit_of_work
from acme_payments.gateway import (
    PaymentGateway,
    PaymentRejected,
    PaymentsMisconfigured,
    PaymentsUnavailable,
    Refund,
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
    """The same key refunds once, whenever it comes again: even after the provider has forgotten it.

    Raises `PurchaseNotFound`, `PurchaseNotRefundable`, `IdempotencyKeyReused`, `RefundRefused` or
    `PaymentsDown`.
    """
    async with unit_of_work(data.sessions) as session:
        purchase = await queries.lock_owned_purchase(session, caller.account_id, purchase_id)
        request = await _request(session, caller, purchase, body, idempotency_key)
    refund = _kept_answer(request)
    if refund is None:
        refund = await _ask(payments, purchase, request)
        async with unit_of_work(data.sessions) as session:
            await queries.keep_answer(session, request.id, refund)
    return RefundOut(purchase_id=purchase.id, refund_id=refund.id, amount=refund.amount, status=refund.status)


async def _request(
    session: AsyncSession, caller: Principal, purchase: Purchase, body: RefundCreate, key: str | None
) -> RefundRequest:
    """Under the purchase's lock: of two requests with one key, one is written."""
    known = await queries.find_refund_request(session, purchase.id, key) if key else None
    if known is not None:
        if known.amount != body.amount:
            raise IdempotencyKeyReused
        return known
    _require_refundable(purchase, body.amount)
    request = RefundRequest(purchase_id=purchase.id, idempotency_key=key, amount=body.amount)
    session.add(request)
    await session.flush()  # the provider's key is made of the id
    record(session, AuditAction.REFUND_ASKED, caller, purchase.id, amount=body.amount)
    return request


async def _ask(payments: PaymentGateway, purchase: Purchase, request: RefundRequest) -> Refund:
    try:
        return await payments.refund(
            purchase.stripe_payment_intent_id, amount=request.amount, idempotency_key=f"refund:{request.id}"
        )
    except PaymentRejected as error:
        raise RefundRefused(str(error)) from error
    except (PaymentsUnavailable, PaymentsMisconfigured) as error:
        raise PaymentsDown(headers={"Retry-After": "5"}) from error


def _kept_answer(request: RefundRequest) -> Refund | None:
    if request.refund_id is None:
        return None
    return Refund(request.refund_id, request.refunded_amount or 0, request.refund_status or "pending")


def _require_refundable(purchase: Purchase, amount: int | None) -> None:
    left = purchase.amount - purchase.refunded_amount
    if purchase.status is not PurchaseStatus.PAID or left <= 0 or (amount or 0) > left:
        raise PurchaseNotRefundable
