"""Who asked to be hidden is told what was decided: once for each decision, and by the one that stands."""

import asyncio
from dataclasses import dataclass

import pytest

from acme_db.models import AuditAction
from tests.services.harness import Api, Event, Platform, mailed_texts

AGREED, DECLINED = "They have agreed", "They have declined"


@dataclass(frozen=True)
class Wish:
    event: Event
    guest: Api
    id: str

    async def decide(self, state: str) -> None:
        await self.event.operator.patch(f"/hide-requests/{self.id}", {"state": state})

    def answers(self) -> list[str]:
        return [text for text in mailed_texts(self.guest.account["email"]) if "you asked Operator" in text]


@pytest.fixture
async def wish(platform: Platform) -> Wish:
    event = await platform.new_event(name="Summer gala", project_link="https://gala.example.com/")
    guest = await event.new_member()
    photo = await event.ready_photo(91)
    await event.tag(photo, guest)
    asked = await guest.post(f"/photos/{photo}/hide-requests", {"kind": "withhold"})
    await platform.jobs.run()
    return Wish(event, guest, asked["id"])


async def test_each_decision_is_told_once(platform: Platform, wish: Wish) -> None:
    assert wish.answers() == []
    await wish.decide("accepted")
    await platform.jobs.run()
    (accepted,) = wish.answers()
    for part in ("withhold a photo of Summer gala", AGREED, "ask Operator", "https://gala.example.com/"):
        assert part in accepted
    assert f"/projects/{wish.event.project_id}" in accepted
    await wish.decide("accepted")
    assert await platform.jobs.run() == 0, "it was decided before"
    await wish.decide("declined")
    await platform.jobs.run()
    first, declined = wish.answers()
    assert (first, DECLINED in declined, AGREED in declined) == (accepted, True, False)


async def test_who_clicks_twice_decides_once(platform: Platform, wish: Wish) -> None:
    await asyncio.gather(*(wish.decide("accepted") for _ in range(4)))
    decisions = "SELECT count(*) FROM audit_events WHERE action = :action AND subject_id = :id"
    action = AuditAction.HIDING_DECIDED
    assert await platform.sql(decisions, action=action, id=wish.id) == [(1,)]
    mails = "SELECT count(*) FROM outbox_jobs WHERE name = 'send_email' AND payload ->> 'subject_id' = :id"
    assert await platform.sql(mails, id=wish.id) == [(1,)]


async def test_what_is_decided_anew_at_once_is_told_as_it_stands(platform: Platform, wish: Wish) -> None:
    for state in ("accepted", "declined", "accepted"):
        await wish.decide(state)
    await platform.jobs.run()
    (told,) = wish.answers()
    assert AGREED in told


async def test_a_decision_is_told_together_with_its_cause_or_not_at_all(
    platform: Platform, wish: Wish
) -> None:
    await wish.decide("declined")
    jobs = await platform.sql(
        "SELECT payload FROM outbox_jobs WHERE state = 'queued' AND payload ->> 'subject_id' = :id",
        id=wish.id,
    )
    ((payload,),) = jobs
    assert (payload["template"], payload["recipient_id"]) == ("hiding_decided", wish.guest.account["id"])
    stranger = await platform.new_operator()
    await stranger.call("PATCH", f"/hide-requests/{wish.id}", {"state": "accepted"})
    await platform.jobs.run()
    (told,) = wish.answers()
    assert DECLINED in told


async def test_nobody_is_told_of_an_event_that_is_gone(platform: Platform, wish: Wish) -> None:
    await wish.decide("accepted")
    await wish.event.operator.delete(f"/projects/{wish.event.project_id}")
    await platform.jobs.run()
    assert wish.answers() == []


async def test_who_has_gone_is_told_nothing(platform: Platform, wish: Wish) -> None:
    await wish.decide("accepted")
    await wish.guest.delete("/me")
    await platform.jobs.run()
    assert wish.answers() == []
