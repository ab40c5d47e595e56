"""The stand-in as the guests' app reaches it: from a page of another origin, with the publishable key."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from acme_standalone.stripe_standin.app import StandInSettings, create_app

PAGE = {"Origin": "http://localhost:4002"}
BROWSER = {**PAGE, "Authorization": "Bearer pk_test_browser"}
SERVER = {"Authorization": "Bearer sk_test_server"}


@pytest.fixture
async def stripe(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    settings = StandInSettings(
        data_dir=tmp_path,
        secret_key="sk_test_server",
        publishable_key="pk_test_browser",
        webhook_secret="whsec_12345678",
        webhook_url="http://127.0.0.1:9/",
    )
    transport = httpx.ASGITransport(create_app(settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://stripe") as client:
        yield client


@pytest.fixture
async def intent(stripe: httpx.AsyncClient) -> dict[str, Any]:
    form = {"amount": "1500", "currency": "eur"}
    made = await stripe.post("/v1/payment_intents", data=form, headers=SERVER)
    assert made.status_code == 200
    found: dict[str, Any] = made.json()
    return found


@pytest.mark.parametrize(
    ("method", "suffix", "headers"),
    [
        ("POST", "/confirm", "authorization,content-type,idempotency-key,stripe-version"),
        ("GET", "", "authorization"),
    ],
)
async def test_a_browser_that_asks_first_may_send(
    method: str, suffix: str, headers: str, stripe: httpx.AsyncClient, intent: dict[str, Any]
) -> None:
    asked = {**PAGE, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    answer = await stripe.options(f"/v1/payment_intents/{intent['id']}{suffix}", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert method in answer.headers["access-control-allow-methods"]
    assert set(headers.split(",")) <= set(
        answer.headers["access-control-allow-headers"].lower().replace(" ", "").split(",")
    )


async def test_a_page_pays_and_reads_how_it_went(stripe: httpx.AsyncClient, intent: dict[str, Any]) -> None:
    path, known = f"/v1/payment_intents/{intent['id']}", {"client_secret": intent["client_secret"]}
    card = {**known, "payment_method": "pm_card_visa"}
    paid = await stripe.post(f"{path}/confirm", data=card, headers=BROWSER)
    read = await stripe.get(path, params=known, headers=BROWSER)
    for answer in (paid, read):
        assert answer.status_code == 200
        assert answer.json()["status"] == "succeeded"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("headers", "secret", "status"),
    [
        (BROWSER, "pi_another_secret_x", 400),
        (BROWSER, "", 400),
        (PAGE, None, 401),
        ({**PAGE, "Authorization": "Bearer pk_test_other"}, None, 401),
    ],
    ids=["another's secret", "no secret", "no key", "another key"],
)
async def test_a_page_can_read_why_it_was_refused(
    method: str,
    headers: dict[str, str],
    secret: str | None,
    status: int,
    stripe: httpx.AsyncClient,
    intent: dict[str, Any],
) -> None:
    path = f"/v1/payment_intents/{intent['id']}" + ("/confirm" if method == "POST" else "")
    fields = {"client_secret": intent["client_secret"] if secret is None else secret}
    place = {"params": fields} if method == "GET" else {"data": {**fields, "payment_method": "pm_card_visa"}}
    refused = await stripe.request(method, path, headers=headers, **place)  # type: ignore[arg-type] # one of the two
    assert refused.status_code == status
    assert refused.json()["error"]["type"] == "invalid_request_error"
    assert refused.headers["access-control-allow-origin"] == "*"


async def test_a_declined_card_is_told_to_the_page(stripe: httpx.AsyncClient, intent: dict[str, Any]) -> None:
    form = {"client_secret": intent["client_secret"], "payment_method": "pm_card_visa_chargeDeclined"}
    declined = await stripe.post(f"/v1/payment_intents/{intent['id']}/confirm", data=form, headers=BROWSER)
    assert declined.status_code == 402
    assert declined.json()["error"]["code"] == "card_declined"
    assert declined.headers["access-control-allow-origin"] == "*"
    assert "Request-Id" in declined.headers["access-control-expose-headers"]


async def test_a_page_can_do_nothing_else_with_its_key(
    stripe: httpx.AsyncClient, intent: dict[str, Any]
) -> None:
    refund = {"payment_intent": intent["id"]}
    assert (await stripe.post("/v1/refunds", data=refund, headers=BROWSER)).status_code == 401
    assert (await stripe.get("/v1/payment_intents", headers=BROWSER)).status_code == 401
    cancel = f"/v1/payment_intents/{intent['id']}/cancel"
    assert (await stripe.post(cancel, headers=BROWSER)).status_code == 401
