import asyncio

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


async def test_a_refund_asked_for_again_is_answered_as_before_and_made_once(
    platform: Platform,
    stand_in: httpx.Client,
    sold: tuple,  # type: ignore[type-arg] # as above
) -> None:
    """Even after all is refunded: the first answer may have got lost on its way."""
    event, guest, purchase, intent_id = sold
    path, key = f"/purchases/{purchase['id']}/refunds", {"Idempotency-Key": "all"}
    answers = await asyncio.gather(*(event.operator.call("POST", path, {}, key) for _ in range(10)))
    await deliver(platform, events_of(stand_in, intent_id)[-1])
    await platform.jobs.run()
    assert (await guest.get(f"/purchases/{purchase['id']}"))["refunded_at"] is not None
    answers.append(await event.operator.call("POST", path, {}, key))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
    told = [event["type"] for event in events_of(stand_in, intent_id)]
    assert told.count("charge.refunded") == 1
    asked = await platform.sql(
        "SELECT 1 FROM audit_events WHERE action = 'money.refund_asked' AND subject_id = :id",
        id=purchase["id"],
    )
    assert len(asked) == 1


async def test_a_key_for_another_refund_is_a_conflict(
    sold: tuple,  # type: ignore[type-arg] # as above
) -> None:
    event, _, purchase, _ = sold
    path, key = f"/purchases/{purchase['id']}/refunds", {"Idempotency-Key": "one"}
    assert (await event.operator.call("POST", path, {"amount": 500}, key)).status_code == 202
    for body in ({"amount": 600}, {}):
        answer = await event.operator.call("POST", path, body, key)
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


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
