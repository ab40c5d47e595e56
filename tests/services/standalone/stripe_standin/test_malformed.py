"""What Stripe refuses, the stand-in refuses in Stripe's words: no input makes it fail."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acme_standalone.stripe_standin.app import StandInSettings, create_app

Call = Callable[..., httpx.Response]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
INTENT = "amount=1500&currency=eur"


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Call]:
    folder = tmp_path_factory.mktemp("stripe")
    app = create_app(StandInSettings(folder, "sk_test_1", "pk_test_1", "whsec_1", "http://127.0.0.1:1/"))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    with asyncio.Runner() as runner:

        async def ask(method: str, path: str, **more: Any) -> httpx.Response:
            more["headers"] = {"Authorization": "Bearer sk_test_1", **FORM, **more.get("headers", {})}
            async with httpx.AsyncClient(transport=transport, base_url="http://stripe") as client:
                return await client.request(method, path, **more)

        yield lambda method, path, **more: runner.run(ask(method, path, **more))


def create(call: Call, form: str = INTENT) -> dict[str, Any]:
    answer = call("POST", "/v1/payment_intents", content=form)
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return] # an intent is an object


def confirm(call: Call, intent_id: str, method: str = "pm_card_visa") -> dict[str, Any]:
    path = f"/v1/payment_intents/{intent_id}/confirm"
    answer = call("POST", path, content=f"payment_method={method}")
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return] # an intent is an object


def assert_refused(answer: httpx.Response, param: str | None, status: int = 400) -> None:
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert (error["type"], error.get("param")) == ("invalid_request_error", param)
    assert error["message"]


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ("amount=%C2%B2&currency=eur", "amount"),
        ("amount=%D9%A1%D9%A5%D9%A0%D9%A0&currency=eur", "amount"),
        (f"amount={10**30}&currency=eur", "amount"),
        ("amount=" + "9" * 5000 + "&currency=eur", "amount"),
        ("amount=-1500&currency=eur", "amount"),
        ("amount=0&currency=eur", "amount"),
        ("amount[a]=1&currency=eur", "amount"),
        ("currency=eur", "amount"),
        ("amount=1500&currency=qqq", "currency"),
        ("amount=1500&currency[]=eur", "currency"),
        (f"{INTENT}&metadata=x", "metadata"),
        (f"{INTENT}&metadata=x&metadata[a]=b", "metadata"),
        (f"{INTENT}&metadata[a]=b&metadata=x", "metadata"),
        (f"{INTENT}&metadata[]=x", "metadata"),
        (f"{INTENT}&metadata[a][b]=x", "metadata[a]"),
        (f"{INTENT}&metadata[a]=x%00y", "metadata[a]"),
        (f"{INTENT}&metadata{'[a]' * 3000}=x", "metadata"),
        (f"{INTENT}&description[a]=x", "description"),
        (f"{INTENT}&description=%FF", None),
        (b"amount=1500&currency=eur&description=\xff", None),
        ("&".join(f"a{n}=1" for n in range(1001)), None),
    ],
)
def test_a_malformed_intent_is_an_invalid_request(call: Call, form: str | bytes, param: str | None) -> None:
    assert_refused(call("POST", "/v1/payment_intents", content=form), param)


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain"])
def test_a_body_that_is_no_form_is_refused(call: Call, kind: str) -> None:
    headers = {"Content-Type": kind}
    assert_refused(call("POST", "/v1/payment_intents", content=INTENT, headers=headers), None)


def test_metadata_may_have_numbers_for_names(call: Call) -> None:
    assert create(call, f"{INTENT}&metadata[1]=x")["metadata"] == {"1": "x"}


@pytest.mark.parametrize("amount", ["0", "-1", "%C2%B2", "1501", str(10**30)])
def test_a_refund_of_an_impossible_amount_is_refused(call: Call, amount: str) -> None:
    paid = confirm(call, create(call)["id"])
    form = f"payment_intent={paid['id']}&amount={amount}"
    assert_refused(call("POST", "/v1/refunds", content=form), "amount")


@pytest.mark.parametrize("path", ["/v1/payment_intents", "/v1/disputes", "/v1/events"])
@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=", "limit"),
        ("limit=%C2%B2", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("limit[a]=1", "limit"),
        ("starting_after=unknown", "starting_after"),
        ("starting_after=%FF", None),
    ],
)
def test_a_malformed_list_query_is_refused(call: Call, path: str, query: str, param: str | None) -> None:
    assert_refused(call("GET", f"{path}?{query}"), param)


def test_lists_are_newest_first_within_one_second_and_after_changes(call: Call) -> None:
    made = [create(call)["id"] for _ in range(12)]
    confirm(call, made[3])
    newest = call("GET", "/v1/payment_intents?limit=5").json()
    rest = call("GET", f"/v1/payment_intents?limit=7&starting_after={newest['data'][-1]['id']}").json()
    assert [item["id"] for item in newest["data"] + rest["data"]] == made[::-1]
    subjects = [event["data"]["object"]["id"] for event in call("GET", "/v1/events?limit=2").json()["data"]]
    assert subjects[0] == made[3]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/unknown", 404),
        ("GET", "/v1/events/", 404),
        ("DELETE", "/v1/payment_intents", 405),
        ("GET", "/v1/refunds", 405),
        ("POST", "/-/health", 405),
        ("POST", "/_test/events/evt_unknown/redeliver", 404),
        ("POST", "/_test/disputes/du_unknown/close", 404),
        ("POST", "/_test/webhooks/stop", 400),
    ],
)
def test_what_is_not_there_is_refused_in_json(call: Call, method: str, path: str, status: int) -> None:
    answer = call(method, path)
    assert answer.status_code == status
    assert answer.json()["error"]["type"] == "invalid_request_error"
    if path in {"/v1/unknown", "/v1/refunds"}:
        assert answer.json()["error"]["message"].startswith("Unrecognized request URL")


def test_webhooks_are_paused_and_resumed_and_events_redelivered(call: Call) -> None:
    assert call("POST", "/_test/webhooks/pause").json() == {"paused": True}
    assert call("POST", "/_test/webhooks/resume").json() == {"paused": False}
    create(call)
    (event,) = call("GET", "/v1/events?limit=1").json()["data"]
    assert call("POST", f"/_test/events/{event['id']}/redeliver").status_code == 200


@pytest.mark.parametrize("currency", ["jpy", "kwd", "eur"])
def test_amounts_are_the_same_integers_in_every_currency(call: Call, currency: str) -> None:
    paid = confirm(call, create(call, f"amount=12340&currency={currency}")["id"], "pm_card_createDispute")
    assert (paid["amount"], paid["amount_received"], paid["currency"]) == (12340, 12340, currency)
    (dispute,) = call("GET", f"/v1/disputes?payment_intent={paid['id']}").json()["data"]
    assert (dispute["amount"], dispute["currency"]) == (12340, currency)
    form = f"payment_intent={paid['id']}"
    part = call("POST", "/v1/refunds", content=f"{form}&amount=1230").json()
    rest = call("POST", "/v1/refunds", content=form).json()
    assert (part["amount"], rest["amount"], rest["currency"]) == (1230, 11110, currency)
    charge = call("GET", f"/v1/charges/{paid['latest_charge']}").json()
    assert (charge["amount_refunded"], charge["refunded"]) == (12340, True)


KNOWN = (
    "amount currency metadata metadata[a] metadata[] payment_method payment_intent client_secret expand[]"
    " expand expand[0] limit starting_after status reason description receipt_email"
)
NAMES = st.sampled_from(KNOWN.split())
VALUES = st.sampled_from(["1500", "eur", "²", "", "pm_card_visa", "latest_charge", "\0", "won"]) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=20
)
FIELDS = st.lists(st.tuples(NAMES | st.text("ab[]0²\0=&", max_size=12), VALUES), max_size=6)
BODIES = st.binary(max_size=60) | FIELDS.map(lambda fields: urlencode(fields).encode())
QUERIES = st.binary(max_size=60).map(quote_from_bytes) | FIELDS.map(urlencode)
POSTS: tuple[str, ...] = (
    "/v1/payment_intents",
    "/v1/payment_intents/{pi}/confirm",
    "/v1/payment_intents/{pi}/cancel",
)
POSTS += (
    "/v1/refunds",
    "/_test/disputes/{du}/close",
    "/_test/events/{evt}/redeliver",
    "/_test/webhooks/{pi}",
)
GETS: tuple[str, ...] = (
    "/v1/payment_intents",
    "/v1/payment_intents/{pi}",
    "/v1/charges/{ch}",
    "/v1/refunds/{re}",
)
GETS += ("/v1/disputes", "/v1/events", "/v1/events/{evt}")


@pytest.fixture(scope="module")
def ids(call: Call) -> dict[str, str]:
    """One real object of each kind, so that the fuzzed calls get past the lookup."""
    paid = confirm(call, create(call)["id"], "pm_card_createDispute")
    form = f"payment_intent={paid['id']}&amount=1"
    return {
        "pi": create(call)["id"],
        "paid": paid["id"],
        "ch": paid["latest_charge"],
        "re": call("POST", "/v1/refunds", content=form).json()["id"],
        "du": call("GET", f"/v1/disputes?payment_intent={paid['id']}").json()["data"][0]["id"],
        "evt": call("GET", "/v1/events?limit=1").json()["data"][0]["id"],
    }


@pytest.mark.parametrize("path", POSTS)
def test_no_form_makes_it_fail(call: Call, path: str, ids: dict[str, str]) -> None:
    @settings(max_examples=40, deadline=None, database=None)
    @given(body=BODIES)
    def send(body: bytes) -> None:
        assert call("POST", path.format(**ids), content=start + body).status_code < 500

    start = f"payment_intent={ids['paid']}&".encode() if path == "/v1/refunds" else b""
    send()


@pytest.mark.parametrize("path", GETS)
def test_no_query_makes_it_fail(call: Call, path: str, ids: dict[str, str]) -> None:
    @settings(max_examples=40, deadline=None, database=None)
    @given(query=QUERIES)
    def send(query: str) -> None:
        assert call("GET", f"{path.format(**ids)}?{query}").status_code < 500

    send()
