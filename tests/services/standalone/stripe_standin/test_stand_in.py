"""The stand-in through our gateway and through the raw SDK: what the platform believes of Stripe."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
import stripe
from pydantic import SecretStr

from acme_config.settings import StripeSettings
from acme_payments.gateway import (
    IdempotencyMismatch,
    IntentStatus,
    PaymentRejected,
    PaymentsMisconfigured,
    PaymentsUnavailable,
)
from acme_payments.stripe_gateway import StripeGateway
from acme_payments.webhooks import WebhookEvent, verify_event
from acme_standalone.processes.ports import free_port

KEYS = {
    "STRIPE_SECRET_KEY": "sk_test_12345678",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_12345678",
    "STRIPE_WEBHOOK_SECRET": "whsec_12345678",
}


class Receiver:
    """A webhook endpoint that may be made to fail."""

    def __init__(self) -> None:
        self.events: list[WebhookEvent] = []
        self.failures_left = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                payload = self.rfile.read(int(self.headers["Content-Length"]))
                if outer.failures_left > 0:
                    outer.failures_left -= 1
                    self.send_response(500)
                else:
                    secret = SecretStr(KEYS["STRIPE_WEBHOOK_SECRET"])
                    outer.events.append(verify_event(payload, self.headers["Stripe-Signature"], secret))
                    self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait_for(self, kind: str, timeout_s: float = 15) -> WebhookEvent:
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            for event in self.events:
                if event.type == kind:
                    return event
            time.sleep(0.05)
        raise AssertionError(f"{kind} never came; there were {[event.type for event in self.events]}")


class StandIn:
    def __init__(self, folder: Path, webhook_url: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [sys.executable, "-m", "acme_standalone.stripe_standin", "--data-dir", str(folder)]
        self._command += ["--port", str(self.port), "--webhook-url", webhook_url]
        self.start()

    def start(self) -> None:
        environment = {**os.environ, **KEYS, "LOG_LEVEL": "WARNING"}
        self._process = subprocess.Popen(self._command, env=environment)
        deadline = time.monotonic() + 30
        while True:
            try:
                httpx.get(f"{self.url}/-/health").raise_for_status()
            except httpx.HTTPError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                return

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        self._process.send_signal(how)
        self._process.wait(20)


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.close()


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Iterator[StandIn]:
    found = StandIn(tmp_path_factory.mktemp("stripe"), receiver.url)
    yield found
    found.end()


def settings(url: str, **over: str) -> StripeSettings:
    return StripeSettings(**{"STRIPE_API_BASE": url, **KEYS, **over})  # type: ignore[arg-type] # by alias


@pytest.fixture
async def gateway(stand_in: StandIn) -> AsyncIterator[StripeGateway]:
    async with StripeGateway(settings(stand_in.url)) as found:
        yield found


@pytest.fixture
def sdk(stand_in: StandIn) -> stripe.StripeClient:
    return stripe.StripeClient(KEYS["STRIPE_SECRET_KEY"], base_addresses={"api": stand_in.url})


async def intent(gateway: StripeGateway, key: str, amount: int = 1500) -> str:
    made = await gateway.create_intent(
        amount=amount, currency="EUR", metadata={"purchase_id": key}, idempotency_key=key
    )
    return made.id


async def test_a_paid_intent_says_so_everywhere(
    gateway: StripeGateway, sdk: stripe.StripeClient, receiver: Receiver
) -> None:
    intent_id = await intent(gateway, "paid")
    sdk.v1.payment_intents.confirm(intent_id, {"payment_method": "pm_card_visa"})
    found = await gateway.retrieve_intent(intent_id)
    assert (found.status, found.amount_received) == (IntentStatus.SUCCEEDED, 1500)
    assert (found.currency, dict(found.metadata)) == ("EUR", {"purchase_id": "paid"})
    assert receiver.wait_for("payment_intent.succeeded").intent_id is not None


async def test_a_declined_card_leaves_the_intent_open(
    gateway: StripeGateway, sdk: stripe.StripeClient
) -> None:
    intent_id = await intent(gateway, "declined")
    with pytest.raises(stripe.CardError) as declined:
        sdk.v1.payment_intents.confirm(intent_id, {"payment_method": "pm_card_visa_chargeDeclined"})
    assert (declined.value.http_status, declined.value.code) == (402, "card_declined")
    found = await gateway.retrieve_intent(intent_id)
    assert (found.status, found.has_failed_attempt) == (IntentStatus.REQUIRES_PAYMENT_METHOD, True)
    sdk.v1.payment_intents.confirm(intent_id, {"payment_method": "pm_card_visa"})
    assert (await gateway.retrieve_intent(intent_id)).status is IntentStatus.SUCCEEDED
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.payment_intents.confirm(intent_id, {"payment_method": "pm_card_visa"})


async def test_one_key_has_one_effect_even_at_once(gateway: StripeGateway) -> None:
    found = await asyncio.gather(*(intent(gateway, "once") for _ in range(10)))
    assert len(set(found)) == 1
    with pytest.raises(IdempotencyMismatch):
        await intent(gateway, "once", amount=1600)


async def test_refunds_are_counted_and_bounded(
    gateway: StripeGateway, sdk: stripe.StripeClient, receiver: Receiver
) -> None:
    intent_id = await intent(gateway, "refunds")
    with pytest.raises(PaymentRejected):
        await gateway.refund(intent_id, amount=None, idempotency_key="too early")
    sdk.v1.payment_intents.confirm(intent_id, {"payment_method": "pm_card_visa"})
    first = await gateway.refund(intent_id, amount=500, idempotency_key="first")
    again = await gateway.refund(intent_id, amount=500, idempotency_key="first")
    assert first == again
    assert (await gateway.retrieve_intent(intent_id)).amount_refunded == 500
    with pytest.raises(PaymentRejected):
        await gateway.refund(intent_id, amount=1001, idempotency_key="too much")
    rest = await gateway.refund(intent_id, amount=None, idempotency_key="rest")
    assert rest.amount == 1000
    with pytest.raises(PaymentRejected) as done:
        await gateway.refund(intent_id, amount=None, idempotency_key="more")
    assert done.value.code == "charge_already_refunded"
    receiver.wait_for("charge.refunded")


async def test_a_dispute_is_lost_when_the_bank_says_so(
    gateway: StripeGateway, sdk: stripe.StripeClient, stand_in: StandIn
) -> None:
    intent_id = await intent(gateway, "disputed")
    sdk.v1.payment_intents.confirm(intent_id, {"payment_method": "pm_card_createDispute"})
    assert not (await gateway.retrieve_intent(intent_id)).is_dispute_lost
    (dispute,) = sdk.v1.disputes.list({"payment_intent": intent_id}).data
    httpx.post(
        f"{stand_in.url}/_test/disputes/{dispute.id}/close",
        data={"status": "lost"},
        headers={"Authorization": f"Bearer {KEYS['STRIPE_SECRET_KEY']}"},
    ).raise_for_status()
    assert (await gateway.retrieve_intent(intent_id)).is_dispute_lost


async def test_a_browser_confirms_with_the_intents_secret_only(
    gateway: StripeGateway, stand_in: StandIn
) -> None:
    made = await gateway.create_intent(amount=900, currency="EUR", metadata={}, idempotency_key="browser")
    url = f"{stand_in.url}/v1/payment_intents/{made.id}/confirm"
    headers = {"Authorization": f"Bearer {KEYS['STRIPE_PUBLISHABLE_KEY']}"}
    form = {"payment_method": "pm_card_visa", "client_secret": "another"}
    assert httpx.post(url, data=form, headers=headers).status_code == 400
    form["client_secret"] = made.client_secret
    assert httpx.post(url, data=form, headers=headers).json()["status"] == "succeeded"
    assert httpx.post(f"{stand_in.url}/v1/refunds", data={}, headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [(49, "EUR", "amount_too_small"), (0, "EUR", "amount_too_small"), (500, "EURO", "invalid_currency")],
)
async def test_bad_amounts_and_currencies_are_refused(
    gateway: StripeGateway, amount: int, currency: str, code: str
) -> None:
    with pytest.raises(PaymentRejected) as refused:
        await gateway.create_intent(
            amount=amount, currency=currency, metadata={}, idempotency_key=f"{amount}{currency}"
        )
    assert refused.value.code == code


async def test_wrong_keys_and_unknown_things_are_told_apart(
    gateway: StripeGateway, stand_in: StandIn
) -> None:
    with pytest.raises(PaymentRejected) as unknown:
        await gateway.retrieve_intent("pi_unknown")
    assert unknown.value.code == "resource_missing"
    stranger = StripeGateway(settings(stand_in.url, STRIPE_SECRET_KEY="sk_test_of_somebody"))
    async with stranger:
        with pytest.raises(PaymentsMisconfigured):
            await stranger.retrieve_intent("pi_unknown")


async def test_a_provider_that_is_away_is_unavailable() -> None:
    async with StripeGateway(settings(f"http://127.0.0.1:{free_port()}")) as away:
        with pytest.raises(PaymentsUnavailable):
            await away.retrieve_intent("pi_1")


async def test_webhooks_are_tried_again_and_state_survives_kill_9(tmp_path: Path) -> None:
    receiver = Receiver()
    receiver.failures_left = 3
    stand_in = StandIn(tmp_path, receiver.url)
    try:
        async with StripeGateway(settings(stand_in.url)) as gateway:
            intent_id = await intent(gateway, "durable")
            stand_in.end(signal.SIGKILL)
            stand_in.start()
            assert await intent(gateway, "durable") == intent_id
            assert (await gateway.retrieve_intent(intent_id)).status is IntentStatus.REQUIRES_PAYMENT_METHOD
        assert receiver.wait_for("payment_intent.created").intent_id == intent_id
    finally:
        stand_in.end()
        receiver.close()


def test_it_does_not_start_in_production(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "acme_standalone.stripe_standin", "--data-dir", str(tmp_path)]
    command += ["--port", "1", "--webhook-url", "http://127.0.0.1:1"]
    environment = {**os.environ, **KEYS, "ACME_ENV": "production"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "stand-in" in done.stderr
