import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from uuid import UUID, uuid4

import httpx
import pytest
import stripe

from tests.conftest import STRIPE_SECRET, WEBHOOK_SECRET
from tests.services.harness import Api, Event, Json, Platform


@pytest.fixture
def stand_in(stripe_url: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {STRIPE_SECRET}"}
    with httpx.Client(base_url=stripe_url, headers=headers) as client:
        yield client


async def checkout(event: Event, guest: Api, package_id: str, key: str | None = None) -> httpx.Response:
    body = {"project_id": event.project_id, "package_id": package_id}
    return await guest.call("POST", "/purchases", body, {"Idempotency-Key": key} if key else None)


def confirm(stand_in: httpx.Client, purchase: Mapping[str, str], card: str = "pm_card_visa") -> str:
    intent_id = purchase["client_secret"].partition("_secret_")[0]
    stand_in.post(f"/v1/payment_intents/{intent_id}/confirm", data={"payment_method": card})
    return intent_id


def events_of(stand_in: httpx.Client, intent_id: str) -> list[Json]:
    """Oldest first."""
    found = stand_in.get("/v1/events", params={"limit": 100}).json()["data"]
    concerned = [
        event
        for event in found
        if intent_id in {event["data"]["object"]["id"], event["data"]["object"].get("payment_intent")}
    ]
    return concerned[::-1]


async def deliver(platform: Platform, event: Json, *, secret: str = WEBHOOK_SECRET, age_s: int = 0) -> int:
    payload = json.dumps(event)
    timestamp = int(time.time()) - age_s
    signature = stripe.WebhookSignature._compute_signature(f"{timestamp}.{payload}", secret)
    headers = {"Stripe-Signature": f"t={timestamp},v1={signature}", "Content-Type": "application/json"}
    answer = await platform.main.http.post("/v1/webhooks/stripe", content=payload, headers=headers)
    return answer.status_code


async def pay(platform: Platform, stand_in: httpx.Client, purchase: Json) -> str:
    intent_id = confirm(stand_in, purchase)
    for event in events_of(stand_in, intent_id):
        assert await deliver(platform, event) == 200
    await platform.jobs.run()
    return intent_id


async def test_a_purchase_becomes_paid_by_webhook_and_a_receipt_is_mailed(
    platform: Platform, stand_in: httpx.Client
) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package(price=1234)
    created = await checkout(event, guest, package_id)
    assert created.status_code == 201
    purchase = created.json()
    assert (purchase["status"], purchase["amount"], purchase["currency"]) == ("pending", 1234, "EUR")
    assert purchase["publishable_key"].startswith("pk_test_")
    await pay(platform, stand_in, purchase)
    paid = await guest.get(f"/purchases/{purchase['id']}")
    assert paid["status"] == "paid"
    assert paid["paid_at"] is not None
    mails = await platform.sql(
        "SELECT state FROM outbox_jobs WHERE name = 'send_email' AND payload->>'subject_id' = :id",
        id=purchase["id"],
    )
    assert [row.state for row in mails] == ["done"]


async def test_a_forged_or_old_webhook_is_refused(platform: Platform, stand_in: httpx.Client) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package()
    purchase = (await checkout(event, guest, package_id)).json()
    truth = events_of(stand_in, confirm(stand_in, purchase))[-1]
    assert await deliver(platform, truth, secret="whsec_of_somebody_else") == 400
    assert await deliver(platform, truth, age_s=3600) == 400
    bare = await platform.main.http.post("/v1/webhooks/stripe", content=json.dumps(truth))
    assert (bare.status_code, bare.json()["code"]) == (400, "invalid_signature")
    assert await platform.sql("SELECT 1 FROM stripe_events WHERE id = :id", id=truth["id"]) == []


async def test_the_same_event_twice_has_one_effect(platform: Platform, stand_in: httpx.Client) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package()
    purchase = (await checkout(event, guest, package_id)).json()
    succeeded = events_of(stand_in, confirm(stand_in, purchase))[-1]
    statuses = await asyncio.gather(*(deliver(platform, succeeded) for _ in range(5)))
    assert set(statuses) == {200}
    await platform.jobs.run()
    jobs = await platform.sql(
        "SELECT name FROM outbox_jobs WHERE payload->>'event_id' = :id", id=succeeded["id"]
    )
    assert len(jobs) == 1


async def test_a_declined_card_fails_and_the_next_one_pays(
    platform: Platform, stand_in: httpx.Client
) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package()
    purchase = (await checkout(event, guest, package_id)).json()
    intent_id = confirm(stand_in, purchase, "pm_card_visa_chargeDeclined")
    for hint in events_of(stand_in, intent_id):
        await deliver(platform, hint)
    await platform.jobs.run()
    assert (await guest.get(f"/purchases/{purchase['id']}"))["status"] == "failed"
    await pay(platform, stand_in, purchase)
    assert (await guest.get(f"/purchases/{purchase['id']}"))["status"] == "paid"


async def test_an_event_is_only_a_hint(platform: Platform, stand_in: httpx.Client) -> None:
    """A signed event that says "succeeded" of an unpaid intent pays nothing."""
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package()
    purchase = (await checkout(event, guest, package_id)).json()
    intent_id = purchase["client_secret"].partition("_secret_")[0]
    lie = {
        "id": f"evt_{uuid4().hex}",
        "object": "event",
        "type": "payment_intent.succeeded",
        "data": {"object": {"id": intent_id, "object": "payment_intent", "status": "succeeded"}},
    }
    assert await deliver(platform, lie) == 200
    await platform.jobs.run()
    assert (await guest.get(f"/purchases/{purchase['id']}"))["status"] == "pending"


@pytest.mark.parametrize("column", ["amount = amount + 1", "currency = 'USD'"])
async def test_a_payment_that_does_not_agree_pays_nothing(
    platform: Platform, stand_in: httpx.Client, column: str
) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package()
    purchase = (await checkout(event, guest, package_id)).json()
    await platform.sql(f"UPDATE purchases SET {column} WHERE id = :id", id=purchase["id"])
    await pay(platform, stand_in, purchase)
    assert (await guest.get(f"/purchases/{purchase['id']}"))["status"] == "pending"


async def test_a_full_refund_ends_access_and_a_partial_one_does_not(
    platform: Platform, stand_in: httpx.Client
) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package(photo_count=0)
    photo_id = await event.ready_photo()
    await event.tag(photo_id, guest)
    purchase = (await checkout(event, guest, package_id)).json()
    intent_id = await pay(platform, stand_in, purchase)
    download = f"/photos/{photo_id}/download"
    assert (await guest.call("GET", download)).status_code == 200
    for amount, expected in ((500, 200), (1000, 402)):
        stand_in.post("/v1/refunds", data={"payment_intent": intent_id, "amount": amount})
        await deliver(platform, events_of(stand_in, intent_id)[-1])
        await platform.jobs.run()
        assert (await guest.call("GET", download)).status_code == expected
    after = await guest.get(f"/purchases/{purchase['id']}")
    assert (after["status"], after["refunded_amount"]) == ("paid", 1500)
    assert after["refunded_at"] is not None


async def test_a_lost_dispute_ends_access(platform: Platform, stand_in: httpx.Client) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package()
    purchase = (await checkout(event, guest, package_id)).json()
    intent_id = confirm(stand_in, purchase, "pm_card_createDispute")
    for hint in events_of(stand_in, intent_id):
        await deliver(platform, hint)
    await platform.jobs.run()
    assert (await guest.get(f"/purchases/{purchase['id']}"))["disputed_at"] is None
    (dispute,) = stand_in.get("/v1/disputes", params={"payment_intent": intent_id}).json()["data"]
    stand_in.post(f"/_test/disputes/{dispute['id']}/close", data={"status": "lost"})
    await deliver(platform, events_of(stand_in, intent_id)[-1])
    await platform.jobs.run()
    assert (await guest.get(f"/purchases/{purchase['id']}"))["disputed_at"] is not None


async def test_twenty_identical_requests_make_one_purchase_and_one_intent(
    platform: Platform, stand_in: httpx.Client
) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package()
    answers = await asyncio.gather(*(checkout(event, guest, package_id, "one") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len({answer.json()["client_secret"] for answer in answers}) == 1
    assert len((await guest.get("/purchases"))["items"]) == 1
    intents = stand_in.get("/v1/payment_intents", params={"limit": 100}).json()["data"]
    mine = [item for item in intents if item["metadata"].get("user_id") == guest.account["id"]]
    assert len(mine) == 1


async def test_a_key_for_another_purchase_is_a_conflict(platform: Platform) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    first, second = await event.new_package(), await event.new_package(price=900)
    assert (await checkout(event, guest, first, "one")).status_code == 201
    answer = await checkout(event, guest, second, "one")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    other = await event.new_member()
    assert (await checkout(event, other, second, "one")).status_code == 201


@pytest.mark.parametrize("change", ["dearer", "off sale", "deleted"])
async def test_a_purchase_asked_for_again_is_the_same_whatever_became_of_its_package(
    platform: Platform, change: str
) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package(price=1200)
    first = await checkout(event, guest, package_id, "one")
    match change:
        case "dearer":
            await event.operator.patch(f"/packages/{package_id}", {"price": 1500})
        case "off sale":
            await event.operator.delete(f"/projects/{event.project_id}/packages/{package_id}")
        case _:
            await event.operator.delete(f"/packages/{package_id}")
    again = await checkout(event, guest, package_id, "one")
    assert (again.status_code, again.json()) == (201, first.json())


async def test_only_what_is_on_sale_in_a_joined_project_is_sold(platform: Platform) -> None:
    event, other = await platform.new_event(), await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package()
    elsewhere = await other.new_package()
    answer = await checkout(event, guest, elsewhere)
    assert (answer.status_code, answer.json()["code"]) == (404, "package_not_found")
    stranger = await platform.new_guest()
    answer = await checkout(event, stranger, package_id)
    assert (answer.status_code, answer.json()["code"]) == (404, "project_not_found")


async def test_a_free_package_is_paid_at_once(platform: Platform) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package(price=0)
    purchase = (await checkout(event, guest, package_id)).json()
    assert (purchase["status"], purchase["client_secret"]) == ("paid", None)


async def test_an_amount_under_the_providers_minimum_is_refused(platform: Platform) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package(price=10)
    answer = await checkout(event, guest, package_id)
    assert (answer.status_code, answer.json()["code"]) == (422, "payment_refused")


async def test_twenty_parallel_unlocks_of_a_package_of_two_give_two(
    platform: Platform, stand_in: httpx.Client
) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package(photo_count=2)
    photos = [await event.ready_photo(seed) for seed in range(100, 105)]
    for photo_id in photos:
        await event.tag(photo_id, guest)
    purchase = (await checkout(event, guest, package_id)).json()
    path = f"/purchases/{purchase['id']}/photos"
    unpaid = await guest.call("POST", path, {"photo_ids": photos[:1]})
    assert (unpaid.status_code, unpaid.json()["code"]) == (409, "purchase_not_paid")
    await pay(platform, stand_in, purchase)
    answers = await asyncio.gather(
        *(guest.call("POST", path, {"photo_ids": [photos[n % 5]]}) for n in range(20))
    )
    refused = [answer for answer in answers if answer.status_code == 409]
    assert {answer.json()["code"] for answer in refused} == {"photo_count_exceeded"}
    items = (await guest.get(f"/projects/{event.project_id}/photos"))["items"]
    assert sum(item["unlocked"] for item in items) == 2
    held = [UUID(item["id"]) for item in items if item["unlocked"]]
    repeat = await guest.post(path, {"photo_ids": [str(photo_id) for photo_id in held]})
    assert repeat["remaining"] == 0


async def test_photos_of_others_cannot_be_unlocked(platform: Platform, stand_in: httpx.Client) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package()
    photo_id = await event.ready_photo(200)
    purchase = (await checkout(event, guest, package_id)).json()
    await pay(platform, stand_in, purchase)
    answer = await guest.call("POST", f"/purchases/{purchase['id']}/photos", {"photo_ids": [photo_id]})
    assert (answer.status_code, answer.json()["code"]) == (404, "photo_not_found")
    stranger = await event.new_member()
    answer = await stranger.call("GET", f"/purchases/{purchase['id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "purchase_not_found")
