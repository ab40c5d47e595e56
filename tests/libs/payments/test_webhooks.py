import json
import time

import pytest
from pydantic import SecretStr

from acme_payments.webhooks import InvalidWebhookError, WebhookEvent, verify_event
from acme_standalone.stripe_standin.delivery import signature_header

SECRET = "whsec_of_this_test"


def event(kind: str, subject: dict[str, object]) -> bytes:
    return json.dumps({"id": "evt_1", "object": "event", "type": kind, "data": {"object": subject}}).encode()


def verified(payload: bytes, *, age_s: int = 0, secret: str = SECRET) -> WebhookEvent:
    signature = signature_header(payload, secret, int(time.time()) - age_s)
    return verify_event(payload, signature, SecretStr(SECRET))


@pytest.mark.parametrize(
    ("kind", "subject", "intent_id"),
    [
        ("payment_intent.succeeded", {"id": "pi_1", "object": "payment_intent"}, "pi_1"),
        ("charge.refunded", {"id": "ch_1", "object": "charge", "payment_intent": "pi_2"}, "pi_2"),
        ("charge.dispute.closed", {"id": "du_1", "object": "dispute", "payment_intent": "pi_3"}, "pi_3"),
        ("customer.created", {"id": "cus_1", "object": "customer"}, None),
    ],
)
def test_an_event_names_the_intent_that_it_concerns(
    kind: str, subject: dict[str, object], intent_id: str | None
) -> None:
    assert verified(event(kind, subject)) == WebhookEvent("evt_1", kind, intent_id)


GOOD = event("payment_intent.succeeded", {"id": "pi_1", "object": "payment_intent"})


def test_another_secret_or_an_old_signature_is_refused() -> None:
    with pytest.raises(InvalidWebhookError):
        verified(GOOD, secret="whsec_of_somebody_else")
    with pytest.raises(InvalidWebhookError):
        verified(GOOD, age_s=301)


@pytest.mark.parametrize("signature", [None, "", "t=1", "v1=abc", "t=abc,v1=abc", "nonsense", "t=1,v1=é"])
def test_a_missing_or_broken_signature_is_refused(signature: str | None) -> None:
    with pytest.raises(InvalidWebhookError):
        verify_event(GOOD, signature, SecretStr(SECRET))


def test_a_changed_body_is_refused() -> None:
    signature = signature_header(GOOD, SECRET, int(time.time()))
    with pytest.raises(InvalidWebhookError):
        verify_event(GOOD.replace(b"pi_1", b"pi_2"), signature, SecretStr(SECRET))


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"{}", b"\xff", b'{"id": 1, "type": 2}'])
def test_a_signed_body_that_is_no_event_is_refused(payload: bytes) -> None:
    with pytest.raises(InvalidWebhookError):
        verified(payload)


def test_an_empty_secret_is_never_used() -> None:
    with pytest.raises(ValueError, match="anybody could sign"):
        verify_event(GOOD, signature_header(GOOD, "", int(time.time())), SecretStr(""))
