"""Crowds over real connections, against the services as processes of their own: the database decides."""

import asyncio
from collections import Counter

import httpx

from tests.conftest import STRIPE_SECRET
from tests.contract.conftest import Served
from tests.services.harness import Api, Event, Json, Platform

CROWD = 20


async def at_once(
    served: Served, callers: list[Api], path: str, bodies: list[Json], **headers: str
) -> list[httpx.Response]:
    """Each caller over a connection of its own, which is open before the first one asks."""
    async with asyncio.TaskGroup() as group:
        gate = asyncio.Barrier(len(callers))
        asked = [
            group.create_task(_ask(served.urls["main"], gate, caller, path, body, headers))
            for caller, body in zip(callers, bodies, strict=True)
        ]
    return [task.result() for task in asked]


async def _ask(
    url: str, gate: asyncio.Barrier, caller: Api, path: str, body: Json, headers: dict[str, str]
) -> httpx.Response:
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        await http.get("/health/live")
        await gate.wait()
        sent = {"Authorization": f"Bearer {caller.token}", **headers}
        return await http.post(f"/v1{path}", json=body, headers=sent)


async def test_twenty_unlocks_of_a_package_of_two_photos_give_two(platform: Platform, served: Served) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    photos = [await event.ready_photo(seed) for seed in range(4720, 4725)]
    for photo in photos:
        await event.tag(photo, guest)
    package = await event.new_package(photo_count=2, price=0)
    purchase = await guest.post("/purchases", {"project_id": event.project_id, "package_id": package})
    wishes: list[Json] = [{"photo_ids": [photos[number % 5]]} for number in range(CROWD)]
    answers = await at_once(served, [guest] * CROWD, f"/purchases/{purchase['id']}/photos", wishes)
    assert {answer.status_code for answer in answers} == {200, 409}
    rows = await platform.sql("SELECT 1 FROM purchase_photos WHERE purchase_id = :id", id=purchase["id"])
    assert len(rows) == 2


async def test_of_twenty_guests_with_one_card_one_joins(platform: Platform, served: Served) -> None:
    event = await platform.new_event()
    card = await event.new_token("card")
    guests = [await platform.new_guest() for _ in range(CROWD)]
    body = {"token": card["token"], "accept_terms": True}
    answers = await at_once(served, guests, "/projects/join", [body] * CROWD)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 410: CROWD - 1}
    (used,) = (await event.operator.get(f"/projects/{event.project_id}/qr-tokens"))["items"]
    assert used["use_count"] == 1


async def test_each_use_of_a_poster_is_counted(platform: Platform, served: Served) -> None:
    event = await platform.new_event()
    poster, other = await event.new_token(), await event.new_token()
    guests = [await platform.new_guest() for _ in range(CROWD)]
    body = {"token": poster["token"], "accept_terms": True}
    answers = await at_once(served, guests, "/projects/join", [body] * CROWD)
    assert {answer.status_code for answer in answers} == {201}
    again = await at_once(served, guests[:2], "/projects/join", [body] * 2)
    assert {answer.status_code for answer in again} == {200}, "who is a member uses no code"
    assert await use_counts(event) == {poster["id"]: CROWD, other["id"]: 0}


async def use_counts(event: Event) -> dict[str, int]:
    page = await event.operator.get(f"/projects/{event.project_id}/qr-tokens")
    return {token["id"]: token["use_count"] for token in page["items"]}


async def test_twenty_identical_purchases_make_one_intent(
    platform: Platform, served: Served, stripe_url: str
) -> None:
    event = await platform.new_event()
    guest, package = await event.new_member(), await event.new_package()
    body = {"project_id": event.project_id, "package_id": package}
    key = {"Idempotency-Key": "one"}
    answers = await at_once(served, [guest] * CROWD, "/purchases", [body] * CROWD, **key)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    async with httpx.AsyncClient(
        base_url=stripe_url, headers={"Authorization": f"Bearer {STRIPE_SECRET}"}
    ) as stripe:
        found = (await stripe.get("/v1/payment_intents", params={"limit": 100})).json()["data"]
    mine = [intent for intent in found if intent["metadata"].get("user_id") == guest.account["id"]]
    assert len(mine) == 1
