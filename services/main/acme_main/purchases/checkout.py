"""Starting a purchase: the intent first, then the row; no transaction is open while the provider is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid5

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_config.settings import StripeSettings
from acme_core.clock import utc_now
from acme_core.ids import new_id
from acme_db.models import AuditAction, Package, Purchase
from acme_db.models.purchase import PurchaseStatus
from acme_db.unit_of_work import unit_of_work
from acme_main.gallery.queries import require_member
from acme_main.purchases import queries
from acme_main.purchases.errors import IdempotencyKeyReused, PaymentRefused, PaymentsDown
from acme_main.purchases.queries import BoughtPackage
from acme_main.purchases.schemas import PurchaseCreate, PurchaseCreated
from acme_main.purchases.service import purchase_out
from acme_payments.counting import count_started
from acme_payments.gateway import (
    IdempotencyMismatch,
    PaymentGateway,
    PaymentRejected,
    PaymentsMisconfigured,
    PaymentsUnavailable,
)
from acme_web.resources import DataResources
from acme_webhooks import recording as webhooks


@dataclass(frozen=True)
class Checkout:
    """The intent that a purchase is paid by; a free package has none."""

    intent_id: str
    client_secret: str | None
    status: PurchaseStatus


async def create_purchase(
    data: DataResources,
    payments: PaymentGateway,
    stripe: StripeSettings,
    caller: Principal,
    body: PurchaseCreate,
    idempotency_key: str | None,
) -> PurchaseCreated:
    """The same key makes the same purchase id, the same intent and the same row, however often it comes,
    and whatever has become of the package since.

    Raises `ProjectNotFound`, `PackageNotFound`, `IdempotencyKeyReused`, `PaymentRefused` or `PaymentsDown`.
    """
    purchase_id = _purchase_id(caller.account_id, idempotency_key)
    async with data.sessions() as session:
        known = await queries.find_bought(session, caller.account_id, purchase_id)
        if known is None:
            await require_member(session, caller.account_id, body.project_id)
            package, currency = await queries.find_on_sale(session, body.project_id, body.package_id)
    if known is not None:
        _require_same(known.purchase, body)
        return _created(known, await _secret_of(payments, known.purchase), stripe)
    checkout = await _checkout(payments, purchase_id, caller.account_id, package, currency)
    values = _values(purchase_id, caller.account_id, body, package, currency, checkout)
    async with unit_of_work(data.sessions) as session:
        if await queries.add_purchase(session, values):
            action, amount = AuditAction.PURCHASE_STARTED, package.price
            record(session, action, caller, purchase_id, amount=amount, currency=currency)
            count_started(session, checkout.status)
        bought = await queries.get_bought(session, caller.account_id, purchase_id)
        _require_same(bought.purchase, body)
        if checkout.status is PurchaseStatus.PAID:
            await webhooks.purchase_paid(session, bought.purchase)
    return _created(bought, checkout.client_secret, stripe)


def _require_same(purchase: Purchase, body: PurchaseCreate) -> None:
    """Raises `IdempotencyKeyReused`."""
    if (purchase.project_id, purchase.package_id) != (body.project_id, body.package_id):
        raise IdempotencyKeyReused


def _created(bought: BoughtPackage, client_secret: str | None, stripe: StripeSettings) -> PurchaseCreated:
    return PurchaseCreated(
        **purchase_out(bought).model_dump(),
        client_secret=client_secret,
        publishable_key=stripe.publishable_key,
    )


def _purchase_id(user_id: UUID, idempotency_key: str | None) -> UUID:
    return uuid5(user_id, idempotency_key) if idempotency_key else new_id()


async def _checkout(
    payments: PaymentGateway, purchase_id: UUID, user_id: UUID, package: Package, currency: str
) -> Checkout:
    if package.price == 0:
        return Checkout(f"free_{purchase_id}", None, PurchaseStatus.PAID)
    with _provider():
        intent = await payments.create_intent(
            amount=package.price,
            currency=currency,
            metadata={
                "purchase_id": str(purchase_id),
                "user_id": str(user_id),
                "package_id": str(package.id),
            },
            idempotency_key=f"purchase:{purchase_id}",
        )
    return Checkout(intent.id, intent.client_secret, PurchaseStatus.PENDING)


async def _secret_of(payments: PaymentGateway, purchase: Purchase) -> str | None:
    """null once there is nothing to pay any more."""
    if purchase.status is PurchaseStatus.PAID:
        return None
    with _provider():
        return (await payments.retrieve_intent(purchase.stripe_payment_intent_id)).client_secret


@contextmanager
def _provider() -> Iterator[None]:
    """Raises `IdempotencyKeyReused`, `PaymentRefused` or `PaymentsDown`."""
    try:
        yield
    except IdempotencyMismatch as error:
        raise IdempotencyKeyReused from error
    except PaymentRejected as error:
        raise PaymentRefused from error
    except (PaymentsUnavailable, PaymentsMisconfigured) as error:
        raise PaymentsDown(headers={"Retry-After": "5"}) from error


def _values(
    purchase_id: UUID,
    user_id: UUID,
    body: PurchaseCreate,
    package: Package,
    currency: str,
    checkout: Checkout,
) -> dict[str, object]:
    return {
        "id": purchase_id,
        "user_id": user_id,
        "project_id": body.project_id,
        "package_id": body.package_id,
        "stripe_payment_intent_id": checkout.intent_id,
        "status": checkout.status,
        "amount": package.price,
        "currency": currency,
        "photo_count": package.photo_count,
        "deliverable": package.deliverable,
        "paid_at": utc_now() if checkout.status is PurchaseStatus.PAID else None,
    }
