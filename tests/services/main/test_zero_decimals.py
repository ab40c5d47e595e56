"""Money without cents: 1,500 yen are 1,500 of the smallest unit, from the price to the refund."""

import httpx

from tests.services.harness import Platform, mailed_text
from tests.services.main.test_purchases import checkout, deliver, events_of, pay, stand_in

__all__ = ["stand_in"]


async def test_yen_are_sold_receipted_and_refunded_without_cents(
    platform: Platform, stand_in: httpx.Client
) -> None:
    event = await platform.new_event()
    await event.operator.patch("/me", {"currency": "JPY"})
    guest, package = await event.new_member(), await event.new_package(price=1500)
    purchase = (await checkout(event, guest, package)).json()
    assert (purchase["amount"], purchase["currency"]) == (1500, "JPY")
    intent_id = await pay(platform, stand_in, purchase)
    intent = stand_in.get(f"/v1/payment_intents/{intent_id}").json()
    assert (intent["amount_received"], intent["currency"]) == (1500, "jpy")
    assert "¥1,500" in mailed_text(guest.account["email"])
    refund = await event.operator.post(f"/purchases/{purchase['id']}/refunds", {"amount": 500})
    assert refund["amount"] == 500
    for told in events_of(stand_in, intent_id):
        assert await deliver(platform, told) == 200
    await platform.jobs.run()
    after = await guest.get(f"/purchases/{purchase['id']}")
    assert (after["refunded_amount"], after["refunded_at"]) == (500, None)
    assert "¥500" in mailed_text(guest.account["email"])
    summary = await event.operator.get(f"/analytics/summary?project_id={event.project_id}")
    assert summary["money"] == [{"currency": "JPY", "gross": 1500, "refunded": 500, "net": 1000}]
