"""A selfie of somebody else: told to the operator, limited, and of no use before the address is verified."""

from pathlib import Path

from acme_standalone.demo.scenes import Person, Scene
from tests.services.harness import Api, Event, Json, Platform, mailed_text
from tests.services.media.test_matching_journey import enrol, photos_of, scenes, selfies, showing, upload

__all__ = ["scenes", "selfies"]


async def conflicts_of(event: Event, query: str = "") -> list[Json]:
    found: list[Json] = (await event.operator.get(f"/projects/{event.project_id}/selfie-conflicts{query}"))[
        "items"
    ]
    return found


async def verify_address(guest: Api) -> None:
    link = mailed_text(guest.account["email"]).partition("#")[2].split()[0]
    await guest.post("/auth/email/verify", {"token": link})


async def test_two_accounts_with_one_face_are_told_of_once(
    platform: Platform, selfies: dict[Person, Path]
) -> None:
    event = await platform.new_event(name="Gala")
    honest, other, thief = [await event.new_member(name) for name in ("Eileen", "Grace", "Thief")]
    await enrol(platform, honest, selfies[Person.EILEEN].read_bytes())
    await enrol(platform, other, selfies[Person.GRACE].read_bytes())
    assert await conflicts_of(event) == []
    await enrol(platform, thief, selfies[Person.EILEEN].read_bytes() + b"\0")
    (found,) = await conflicts_of(event)
    assert {guest["name"] for guest in found["guests"]} == {"Eileen", "Thief"}
    assert all(guest["selfie_url"] for guest in found["guests"])
    assert {guest["email"] for guest in found["guests"]} == {honest.account["email"], thief.account["email"]}
    assert found["confidence"] >= 75
    told = mailed_text(event.operator.account["email"])
    assert "same face" in told
    assert f"/projects/{event.project_id}/selfie-conflicts" in told
    acts = await platform.sql(
        "SELECT count(*) FROM audit_events WHERE action = 'review.selfies_alike' AND subject_id = :id",
        id=found["id"],
    )
    assert acts == [(1,)]

    await enrol(platform, honest, selfies[Person.EILEEN].read_bytes() + b"\0\0")
    assert [item["id"] for item in await conflicts_of(event)] == [found["id"]], "once, whoever sends again"
    stranger = await platform.new_event()
    refused = await stranger.operator.call("POST", f"/selfie-conflicts/{found['id']}/resolve")
    assert (refused.status_code, refused.json()["code"]) == (404, "selfie_conflict_not_found")
    resolved = await event.operator.post(f"/selfie-conflicts/{found['id']}/resolve")
    assert resolved["resolved_at"]
    assert await conflicts_of(event, "?resolved=false") == []
    assert len(await conflicts_of(event, "?resolved=true")) == 1

    await thief.delete("/me")
    await platform.jobs.run()
    assert await conflicts_of(event) == []


async def test_one_person_in_two_events_is_nobodys_business(
    platform: Platform, selfies: dict[Person, Path]
) -> None:
    first, second = await platform.new_event(), await platform.new_event()
    for event in (first, second):
        guest = await event.new_member()
        await enrol(platform, guest, selfies[Person.GRACE].read_bytes())
    assert await conflicts_of(first) == await conflicts_of(second) == []


async def test_matches_are_released_to_a_verified_address_only(
    platform: Platform, scenes: list[Scene], selfies: dict[Person, Path]
) -> None:
    event = await platform.new_event(matches_need_verified_email=True)
    guest = await event.new_member()
    await enrol(platform, guest, selfies[Person.EILEEN].read_bytes())
    uploaded = await upload(event, [scenes[0], scenes[3]])
    (mine,) = showing(Person.EILEEN, uploaded)
    (nobodys,) = uploaded.keys() - {mine}
    assert await photos_of(event, guest) == set()
    refused = await guest.call("GET", f"/photos/{mine}")
    assert (refused.status_code, refused.json()["code"]) == (404, "photo_not_found")
    assert (await guest.get(f"/projects/{event.project_id}"))["needs_verified_email"] is True
    await event.tag(nobodys, guest)
    assert await photos_of(event, guest) == {nobodys}, "what a person decided is no match"

    assert (await guest.call("POST", "/me/email/verification")).status_code == 202
    await platform.jobs.run()
    await verify_address(guest)
    assert await photos_of(event, guest) == {mine, nobodys}
    assert (await guest.get(f"/projects/{event.project_id}"))["needs_verified_email"] is False


async def test_without_the_setting_nothing_is_held(
    platform: Platform, scenes: list[Scene], selfies: dict[Person, Path]
) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    await enrol(platform, guest, selfies[Person.EILEEN].read_bytes())
    uploaded = await upload(event, [scenes[0]])
    assert await photos_of(event, guest) == showing(Person.EILEEN, uploaded)
    await event.operator.patch(f"/projects/{event.project_id}", {"matches_need_verified_email": True})
    assert await photos_of(event, guest) == set()


async def test_a_verified_address_gets_no_second_mail(platform: Platform) -> None:
    guest = await platform.new_guest()
    await platform.jobs.run()
    await verify_address(guest)
    assert (await guest.call("POST", "/me/email/verification")).status_code == 202
    assert await platform.jobs.run() == 0
