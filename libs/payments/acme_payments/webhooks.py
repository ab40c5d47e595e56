from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import stripe
from pydantic import SecretStr

TOLERANCE_S = 300


class InvalidWebhookError(Exception):
    """The payload was not signed with our secret, or not lately."""


@dataclass(frozen=True)
class WebhookEvent:
    """A hint that something changed. What is true is asked of the provider."""

    id: str
    type: str
    intent_id: str | None
    created_at: datetime | None = None
    """As the provider says; only told in metrics."""


def verify_event(payload: bytes, signature: str | None, secret: SecretStr) -> WebhookEvent:
    """Raises `InvalidWebhookError`."""
    if not secret.get_secret_value():
        raise ValueError("the webhook secret is empty: anybody could sign")
    try:
        event = stripe.Webhook.construct_event(
            payload, signature or "", secret.get_secret_value(), tolerance=TOLERANCE_S
        )
        data = event.to_dict()
        subject = data["data"]["object"]
        return WebhookEvent(str(data["id"]), str(data["type"]), _intent_id(subject), _created_at(data))
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidWebhookError from error


def _intent_id(subject: Mapping[str, Any]) -> str | None:
    """Of a payment intent itself, or of a charge, refund or dispute that names one."""
    found = subject["id"] if subject.get("object") == "payment_intent" else subject.get("payment_intent")
    return str(found) if found else None


def _created_at(event: Mapping[str, Any]) -> datetime | None:
    created = event.get("created")
    return datetime.fromtimestamp(created, UTC) if isinstance(created, int) else None
