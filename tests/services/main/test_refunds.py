import httpx
import pytest

from tests.services.harness import Platform, mailed_text
from tests.services.main.test_purchases import checkout, deliver, events_of, pay, stand_in

__all__ = ["stand_in"]


@pytest.fixture
async def sold(platform: Platform, stand_in: httpx.Client) -> tuple:  # type: ignore[type-arg] # event, guest, purchase, intent
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package()
    purchase = (await checkout(event, guest, package_id)).json()
    return event, guest, purchase, await pay(platform, stand_in, purchase)


async def test_an_operator_refunds_in_parts_and_the_guest_is_told(
    platform: Platform,
    stand_in: httpx.Client,
    sold: tuple,  # type: ignore[type-arg] # as above
) -> None:
    event, guest, purchase, intent_id = sold
    path = f"/purchases/{purchase['id']}/refunds"
    first = await event.operator.call("POST", path, {"amount": 500}, {"Idempotency-Key": "one"})
    again = await event.operator.call("POST", path, {"amount": 500}, {"Idempotency-Key": "one"})
    assert first.status_code == 202
    assert first.json() == again.json()
    await deliver(platform, events_of(stand_in, intent_id)[-1])
    await platform.jobs.run()
    assert "€5.00 of €15.00" in mailed_text(guest.account["email"])
    too_much = await event.operator.call("POST", path, {"amount": 1001})
    assert (too_much.status_code, too_much.json()["code"]) == (409, "purchase_not_refundable")
    assert (await event.operator.call("POST", path, {})).json()["amount"] == 1000
    await deliver(platform, events_of(stand_in, intent_id)[-1])
    await platform.jobs.run()
    (listed,) = (await event.operator.get(f"/projects/{event.project_id}/purchases"))["items"]
    assert (listed["refunded_amount"], listed["status"]) == (1500, "paid")
    assert listed["refunded_at"] is not None
    assert listed["user_name"] == "Guest"
    nothing_left = await event.operator.call("POST", path, {})
    assert nothing_left.status_code == 409


async def test_an_unpaid_purchase_cannot_be_refunded(platform: Platform) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package()
    purchase = (await checkout(event, guest, package_id)).json()
    answer = await event.operator.call("POST", f"/purchases/{purchase['id']}/refunds", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "purchase_not_refundable")


async def test_another_operators_sale_is_not_there(
    platform: Platform,
    sold: tuple,  # type: ignore[type-arg] # as above
) -> None:
    stranger = await platform.new_operator()
    answer = await stranger.call("POST", f"/purchases/{sold[2]['id']}/refunds", {})
    assert (answer.status_code, answer.json()["code"]) == (404, "purchase_not_found")
