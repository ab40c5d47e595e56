"""What an operator is told of a photo that somebody does not want to be seen in."""

from tests.services.harness import Api, Event, Platform


async def test_purchases_of_other_photos_are_not_counted(platform: Platform) -> None:
    event = await platform.new_event()
    wanted, other = await event.ready_photo(92), await event.ready_photo(93)
    shy = await event.new_member()
    await event.tag(wanted, shy)
    picked, everything = await event.new_package(1, 0), await event.new_package(0, 0)
    await shy.post(f"/photos/{wanted}/hide-requests", {"kind": "withhold"})
    await _buy(event, shy, everything)
    for photo in (other, other, wanted):
        for package in (picked, everything):
            buyer = await event.new_member()
            await event.tag(photo, buyer)
            bought = await _buy(event, buyer, package)
            if package == picked:
                await buyer.post(f"/purchases/{bought}/photos", {"photo_ids": [photo]})
    (request,) = (await event.operator.get(f"/projects/{event.project_id}/hide-requests"))["items"]
    assert request["other_purchases"] == 2


async def _buy(event: Event, guest: Api, package: str) -> str:
    bought = await guest.post("/purchases", {"project_id": event.project_id, "package_id": package})
    purchase_id: str = bought["id"]
    return purchase_id
