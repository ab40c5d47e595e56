import asyncio
from uuid import uuid4

import pytest

from tests.services.harness import Platform


async def test_a_code_shows_its_event_before_anybody_signs_in(platform: Platform) -> None:
    event = await platform.new_event(name="Gala", location_name="Hall 1", terms_and_conditions="Be kind.")
    token = await event.new_token()
    preview = await platform.main.get(f"/qr/{token['token']}")
    assert (preview["name"], preview["location_name"]) == ("Gala", "Hall 1")
    assert preview["terms_and_conditions"] == "Be kind."
    assert preview["operator_name"] == "Operator"
    assert token["join_url"].endswith(f"/join/{token['token']}")


async def test_an_unknown_code_is_not_found(platform: Platform) -> None:
    guest = await platform.new_guest()
    assert (await platform.main.call("GET", "/qr/qr_unknown")).status_code == 404
    answer = await guest.call("POST", "/projects/join", {"token": "qr_unknown", "accept_terms": True})
    assert (answer.status_code, answer.json()["code"]) == (404, "qr_token_not_found")


async def test_joining_needs_the_terms_and_happens_once(platform: Platform) -> None:
    event = await platform.new_event(terms_and_conditions="Be kind.")
    token, guest = (await event.new_token())["token"], await platform.new_guest()
    refused = await guest.call("POST", "/projects/join", {"token": token, "accept_terms": False})
    assert (refused.status_code, refused.json()["code"]) == (409, "terms_required")
    assert (await guest.get("/projects"))["items"] == []
    first = await guest.call("POST", "/projects/join", {"token": token, "accept_terms": True})
    again = await guest.call("POST", "/projects/join", {"token": token, "accept_terms": False})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["terms_accepted_at"] is not None
    members = await event.operator.get(f"/projects/{event.project_id}/members")
    assert [member["user_id"] for member in members["items"]] == [guest.account["id"]]


async def test_an_event_without_terms_records_no_acceptance(platform: Platform) -> None:
    event, guest = await platform.new_event(), await platform.new_guest()
    token = (await event.new_token())["token"]
    joined = await guest.post("/projects/join", {"token": token, "accept_terms": True})
    assert joined["terms_accepted_at"] is None


@pytest.mark.parametrize("how", ["expired", "revoked"])
async def test_a_code_that_ended_is_gone_but_not_for_members(platform: Platform, how: str) -> None:
    event, guest, late = await platform.new_event(), await platform.new_guest(), await platform.new_guest()
    token = await event.new_token()
    body = {"token": token["token"], "accept_terms": True}
    await guest.post("/projects/join", body)
    if how == "revoked":
        path = f"/projects/{event.project_id}/qr-tokens/{token['id']}"
        assert (await event.operator.call("DELETE", path)).status_code == 204
    else:
        await platform.sql("UPDATE qr_tokens SET expires_at = now() WHERE id = :id", id=token["id"])
    assert (await platform.main.call("GET", f"/qr/{token['token']}")).status_code == 410
    refused = await late.call("POST", "/projects/join", body)
    assert (refused.status_code, refused.json()["code"]) == (410, "qr_token_expired")
    assert (await guest.call("POST", "/projects/join", body)).status_code == 200


async def test_of_twenty_guests_with_one_card_one_joins(platform: Platform) -> None:
    event = await platform.new_event()
    token = await event.new_token("card")
    guests = [await platform.new_guest(f"G{n}") for n in range(20)]
    body = {"token": token["token"], "accept_terms": True}
    answers = await asyncio.gather(*(guest.call("POST", "/projects/join", body) for guest in guests))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201] + [410] * 19
    members = await event.operator.get(f"/projects/{event.project_id}/members")
    assert len(members["items"]) == 1
    (used,) = (await event.operator.get(f"/projects/{event.project_id}/qr-tokens"))["items"]
    assert used["use_count"] == 1


async def test_one_guest_joining_in_parallel_is_one_member(platform: Platform) -> None:
    event, guest = await platform.new_event(), await platform.new_guest()
    body = {"token": (await event.new_token())["token"], "accept_terms": True}
    answers = await asyncio.gather(*(guest.call("POST", "/projects/join", body) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]


async def test_a_project_is_visible_to_its_members_only(platform: Platform) -> None:
    event, stranger = await platform.new_event(), await platform.new_guest()
    member = await event.new_member()
    path = f"/projects/{event.project_id}"
    project = await member.get(path)
    assert project["matching"] == {"state": "idle", "done": 0, "total": 0}
    assert (project["photo_count"], project["my_photo_count"]) == (0, 0)
    for suffix in ("", "/photos", "/packages"):
        answer = await stranger.call("GET", path + suffix)
        assert (answer.status_code, answer.json()["code"]) == (404, "project_not_found")
    assert (await member.call("GET", f"/projects/{uuid4()}")).status_code == 404
