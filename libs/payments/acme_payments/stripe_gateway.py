"""Stripe, through its SDK."""

from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TypeVar

import stripe

from acme_config.settings import StripeSettings
from acme_payments.gateway import (
    IdempotencyMismatch,
    Intent,
    IntentStatus,
    PaymentRejected,
    PaymentsMisconfigured,
    PaymentsUnavailable,
    Refund,
)
from acme_telemetry.providers import Provider, provider_call

T = TypeVar("T")

API_VERSION = "2026-10-28.endive"
TIMEOUT_S = 15
PAGE = 100
_EXPAND = ["latest_charge"]
_REFUSALS = (PaymentRejected, IdempotencyMismatch)


class StripeGateway:
    def __init__(self, settings: StripeSettings) -> None:
        self._http = stripe.HTTPXClient(timeout=TIMEOUT_S, allow_sync_methods=False)
        self._client = stripe.StripeClient(
            settings.secret_key.get_secret_value(),
            stripe_version=API_VERSION,
            base_addresses={"api": settings.api_base},
            max_network_retries=2,
            http_client=self._http,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call] # the SDK leaves it untyped

    async def create_intent(
        self, *, amount: int, currency: str, metadata: Mapping[str, str], idempotency_key: str
    ) -> Intent:
        created = await _wrapped(
            "create_intent",
            self._client.v1.payment_intents.create_async(
                {
                    "amount": amount,
                    "currency": currency.lower(),
                    "metadata": dict(metadata),
                    "automatic_payment_methods": {"enabled": True},
                },
                {"idempotency_key": idempotency_key},
            ),
        )
        return _intent(created)

    async def retrieve_intent(self, intent_id: str) -> Intent:
        found = await _wrapped(
            "retrieve_intent",
            self._client.v1.payment_intents.retrieve_async(intent_id, {"expand": _EXPAND}),
        )
        return _intent(found, is_dispute_lost=await self._is_dispute_lost(found))

    async def list_intents(self, since: datetime) -> AsyncIterator[Intent]:
        params: stripe.params.PaymentIntentListParams = {
            "created": {"gte": int(since.timestamp())},
            "limit": PAGE,
            "expand": [f"data.{field}" for field in _EXPAND],
        }
        page = await _wrapped("list_intents", self._client.v1.payment_intents.list_async(params))
        while True:
            for found in page.data:
                yield _intent(found)
            if not page.has_more:
                return
            page = await _wrapped("list_intents", page.next_page_async())

    async def _is_dispute_lost(self, found: stripe.PaymentIntent) -> bool:
        charge = _charge(found)
        if charge is None or not charge.disputed:
            return False
        disputes = await _wrapped(
            "list_disputes", self._client.v1.disputes.list_async({"payment_intent": found.id})
        )
        return any(dispute.status == "lost" for dispute in disputes.data)

    async def is_reachable(self) -> None:
        """The cheapest call that wants a good key."""
        await _wrapped("is_reachable", self._client.v1.payment_intents.list_async({"limit": 1}))

    async def refund(self, intent_id: str, *, amount: int | None, idempotency_key: str) -> Refund:
        params: stripe.params.RefundCreateParams = {"payment_intent": intent_id}
        if amount is not None:
            params["amount"] = amount
        refund = await _wrapped(
            "refund", self._client.v1.refunds.create_async(params, {"idempotency_key": idempotency_key})
        )
        return Refund(refund.id, refund.amount, refund.status or "pending")


def _charge(found: stripe.PaymentIntent) -> stripe.Charge | None:
    return found.latest_charge if isinstance(found.latest_charge, stripe.Charge) else None


def _intent(found: stripe.PaymentIntent, *, is_dispute_lost: bool = False) -> Intent:
    charge = _charge(found)
    return Intent(
        id=found.id,
        client_secret=found.client_secret or "",
        status=IntentStatus(found.status),
        amount=found.amount,
        amount_received=found.amount_received,
        currency=found.currency.upper(),
        metadata=found.metadata.to_dict(),
        created_at=datetime.fromtimestamp(found.created, UTC),
        has_failed_attempt=found.last_payment_error is not None,
        amount_refunded=charge.amount_refunded if charge else 0,
        is_dispute_lost=is_dispute_lost,
    )


async def _wrapped(operation: str, call: Awaitable[T]) -> T:
    with provider_call(Provider.STRIPE, operation, refusals=_REFUSALS), _wrapped_errors():
        return await call


@contextmanager
def _wrapped_errors() -> Iterator[None]:
    try:
        yield
    except stripe.IdempotencyError as error:
        raise IdempotencyMismatch("idempotency_error", str(error)) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise PaymentsMisconfigured(type(error).__name__) from error
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        raise PaymentRejected(error.code or "rejected", error.user_message or str(error)) from error
    except stripe.StripeError as error:
        raise PaymentsUnavailable(type(error).__name__) from error
