"""What the platform asks of a payment provider."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class PaymentsUnavailable(Exception):
    """The provider did not answer, or is overloaded: try again."""


class PaymentsMisconfigured(Exception):
    """The provider does not accept our key."""


class PaymentRejected(Exception):
    """The provider understood and refused; `code` is its word."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class IdempotencyMismatch(PaymentRejected):
    """The same idempotency key came with other parameters."""


class IntentStatus(StrEnum):
    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    REQUIRES_CAPTURE = "requires_capture"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"


@dataclass(frozen=True)
class Intent:
    """A payment intent as the provider tells it now."""

    id: str
    client_secret: str
    status: IntentStatus
    amount: int
    """Minor unit."""
    amount_received: int
    currency: str
    """ISO 4217, upper case."""
    metadata: Mapping[str, str]
    created_at: datetime
    has_failed_attempt: bool = False
    amount_refunded: int = 0
    is_dispute_lost: bool = False


@dataclass(frozen=True)
class Refund:
    id: str
    amount: int
    status: str


class PaymentGateway(Protocol):
    """Every method may raise `PaymentsUnavailable`, `PaymentRejected` or `PaymentsMisconfigured`."""

    async def create_intent(
        self, *, amount: int, currency: str, metadata: Mapping[str, str], idempotency_key: str
    ) -> Intent:
        """Raises `IdempotencyMismatch` when the key has been used with other parameters."""

    async def retrieve_intent(self, intent_id: str) -> Intent: ...

    def list_intents(self, since: datetime) -> AsyncIterator[Intent]:
        """Every intent made since then, newest first. Whether a dispute was lost is not told."""

    async def refund(self, intent_id: str, *, amount: int | None, idempotency_key: str) -> Refund:
        """`amount` None refunds what is left."""
