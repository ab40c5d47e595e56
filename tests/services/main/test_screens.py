"""What a guest's app shows of an event, a purchase and the account, without asking more than once."""

import httpx

from tests.services.harness import Platform, picture
from tests.services.main.test_consents import BIOMETRIC, consent
from tests.services.main.test_purchases import checkout, confirm, deliver, events_of, pay, stand_in
from tests.services.media.test_selfies import send_selfie

__all__ = ["stand_in"]


async def test_an_event_tells_its_counts_terms_and_cover(platform: Platform) -> None:
    event = await platform.new_event(terms_and_conditions="Be kind.")
    guest, other = await event.new_member(), await event.new_member()
    package = await event.new_package(photo_count=1, price=0)
    photos = [await event.ready_photo(seed) for seed in range(440, 443)]
    for photo in photos[:2]:
        await event.tag(photo, guest)
    await guest.put(f"/photos/{photos[0]}/favourite")
    bought = await guest.post("/purchases", {"project_id": event.project_id, "package_id": package})
    await guest.post(f"/purchases/{bought['id']}/photos", {"photo_ids": photos[:1]})
    project = await guest.get(f"/projects/{event.project_id}")
    counts = ("photo_count", "my_photo_count", "favourite_count", "unlocked_count")
    assert [project[name] for name in counts] == [3, 2, 1, 1]
    assert (project["terms_and_conditions"], project["operator_picture_url"]) == ("Be kind.", None)
    assert project["terms_accepted_at"] is not None
    async with httpx.AsyncClient() as http:
        assert (await http.get(project["cover_url"])).headers["content-type"] == "image/jpeg"
    (listed,) = (await guest.get("/projects"))["items"]
    assert [listed[name] for name in counts] == [3, 2, 1, 1]
    (unseen,) = (await other.get("/projects"))["items"]
    assert [unseen[name] for name in counts] == [3, 0, 0, 0]
    assert unseen["cover_url"] is None, "photos of others are no guest's cover"


async def test_a_photo_that_is_unlocked_is_seen_as_it_was_bought(platform: Platform) -> None:
    """Before, with a mark all over it."""
    event = await platform.new_event()
    guest, package = await event.new_member(), await event.new_package(photo_count=1, price=0)
    photo = await event.ready_photo(447)
    await event.tag(photo, guest)
    locked = await guest.get(f"/photos/{photo}")
    bought = await guest.post("/purchases", {"project_id": event.project_id, "package_id": package})
    await guest.post(f"/purchases/{bought['id']}/photos", {"photo_ids": [photo]})
    unlocked = await guest.get(f"/photos/{photo}")
    download = await guest.get(f"/photos/{photo}/download")
    async with httpx.AsyncClient() as http:
        before, after, file = [
            (await http.get(url)).content
            for url in (locked["preview_url"], unlocked["preview_url"], download["url"])
        ]
    assert after == file
    assert before != file


async def test_a_purchase_goes_on_after_a_reload_until_it_is_paid(
    platform: Platform, stand_in: httpx.Client
) -> None:
    event = await platform.new_event()
    guest, package = await event.new_member(), await event.new_package(price=1234)
    started = (await checkout(event, guest, package)).json()
    path = f"/purchases/{started['id']}"
    reloaded = await guest.get(path)
    assert reloaded["status"] == "pending"
    assert reloaded["client_secret"] == started["client_secret"]
    assert reloaded["publishable_key"] == started["publishable_key"]
    intent_id = confirm(stand_in, started, "pm_card_visa_chargeDeclined")
    for hint in events_of(stand_in, intent_id):
        await deliver(platform, hint)
    await platform.jobs.run()
    declined = await guest.get(path)
    assert (declined["status"], declined["client_secret"]) == ("failed", started["client_secret"])
    confirm(stand_in, started)
    on_its_way = await guest.get(path)
    assert (on_its_way["status"], on_its_way["client_secret"]) == ("failed", None)
    await pay(platform, stand_in, started)
    paid = await guest.get(path)
    assert (paid["status"], paid["client_secret"], paid["publishable_key"]) == ("paid", None, None)
    (listed,) = (await guest.get("/purchases"))["items"]
    assert "client_secret" not in listed


async def test_a_purchase_is_told_though_the_provider_does_not_know_its_intent(platform: Platform) -> None:
    event = await platform.new_event()
    guest, package = await event.new_member(), await event.new_package()
    started = (await checkout(event, guest, package)).json()
    await platform.sql(
        "UPDATE purchases SET stripe_payment_intent_id = 'pi_' || id WHERE id = :id", id=started["id"]
    )
    told = await guest.get(f"/purchases/{started['id']}")
    assert (told["status"], told["client_secret"], told["publishable_key"]) == ("pending", None, None)


async def test_a_purchase_tells_how_much_is_chosen_and_how_far_its_zip_is(platform: Platform) -> None:
    event = await platform.new_event(name="Gala")
    guest = await event.new_member()
    photos = [await event.ready_photo(seed) for seed in range(450, 453)]
    for photo in photos:
        await event.tag(photo, guest)
    few, every = [await event.new_package(photo_count=count, price=0) for count in (2, 0)]
    first, second = [(await checkout(event, guest, package)).json() for package in (few, every)]
    assert (first["project_name"], first["package_name"]) == ("Gala", "Package")
    assert (first["unlocked_count"], first["remaining"], first["archive_state"]) == (0, 2, None)
    await guest.post(f"/purchases/{first['id']}/photos", {"photo_ids": photos[:1]})
    await guest.post(f"/purchases/{first['id']}/archive")
    chosen = await guest.get(f"/purchases/{first['id']}")
    assert (chosen["unlocked_count"], chosen["remaining"], chosen["archive_state"]) == (1, 1, "building")
    await platform.jobs.run()
    by_id = {item["id"]: item for item in (await guest.get("/purchases"))["items"]}
    assert by_id[first["id"]]["archive_state"] == "ready"
    whole = by_id[second["id"]]
    assert (whole["unlocked_count"], whole["remaining"], whole["archive_state"]) == (3, None, None)
    await platform.sql("UPDATE purchases SET refunded_at = now() WHERE id = :id", id=second["id"])
    assert (await guest.get(f"/purchases/{second['id']}"))["unlocked_count"] == 0


async def test_receipts_are_listed_the_newest_first(platform: Platform) -> None:
    guest, stranger = await platform.new_guest(), await platform.new_guest()
    await consent(platform, guest)
    selfie_id = await send_selfie(platform, guest, picture(15))
    media = platform.media.as_(await guest.post("/auth/media-token"))
    await media.delete(f"/selfie/{selfie_id}")
    await platform.jobs.run()
    asked = await guest.delete(f"/consents/{BIOMETRIC}")
    newest, oldest = (await guest.get("/consents/receipts"))["items"]
    assert (newest["id"], newest["state"], newest["selfie_id"]) == (asked["id"], "pending", None)
    assert (oldest["state"], oldest["selfie_id"]) == ("completed", selfie_id)
    assert (await stranger.get("/consents/receipts"))["items"] == []
    await platform.jobs.run()
