"""Guests are told of new photos once the rush is over."""

import pytest

from acme_config.jobs import JobName
from acme_config.settings import DigestSettings
from acme_main.jobs.digests import DigestJobs
from tests.services.harness import Api, Event, Platform, mailed_text


async def mails(platform: Platform, guest: Api) -> list[int]:
    """The counts of the digests that were queued for this guest."""
    statement = """
        SELECT (payload->>'count')::int FROM outbox_jobs
        WHERE payload->>'template' = 'photos_ready' AND payload->>'recipient_id' = :id ORDER BY created_at
    """
    return [row[0] for row in await platform.sql(statement, id=guest.account["id"])]


async def tagged(event: Event, guest: Api, seed: int) -> None:
    await event.tag(await event.ready_photo(seed), guest)


@pytest.fixture
async def event(platform: Platform) -> Event:
    return await platform.new_event(name="Gala")


async def test_one_mail_tells_of_all_new_photos_and_the_next_of_newer_ones(
    platform: Platform, event: Event
) -> None:
    guest = await event.new_member()
    await tagged(event, guest, 31)
    await tagged(event, guest, 32)
    await platform.jobs.run_periodic(JobName.SEND_DIGESTS)
    assert "there are 2 new photos of you" in mailed_text(guest.account["email"])
    assert "/projects/" in mailed_text(guest.account["email"])
    await platform.jobs.run_periodic(JobName.SEND_DIGESTS)
    await tagged(event, guest, 33)
    await platform.jobs.run_periodic(JobName.SEND_DIGESTS)
    assert await mails(platform, guest) == [2, 1]
    assert "you are in 3" in mailed_text(guest.account["email"])


async def test_the_mail_waits_while_photos_keep_coming_but_not_for_ever(
    platform: Platform, event: Event
) -> None:
    guest = await event.new_member()
    await tagged(event, guest, 34)
    patient = DigestJobs(platform.data.sessions, _settings(quiet_s=600, longest_wait_s=3600))
    await patient.send_digests()
    assert await mails(platform, guest) == []
    await platform.sql(
        "UPDATE photo_tags SET confirmed_at = now() - interval '2 hours' WHERE user_id = :id",
        id=guest.account["id"],
    )
    await tagged(event, guest, 35)
    await patient.send_digests()
    assert await mails(platform, guest) == [2]
    await platform.jobs.run()


async def test_who_wants_no_mails_gets_none(platform: Platform, event: Event) -> None:
    guest = await event.new_member()
    await guest.patch("/me", {"wants_photo_mails": False})
    await tagged(event, guest, 36)
    await platform.jobs.run_periodic(JobName.SEND_DIGESTS)
    assert await mails(platform, guest) == []


async def test_a_photo_that_was_taken_away_again_is_no_news(platform: Platform, event: Event) -> None:
    guest = await event.new_member()
    photo = await event.ready_photo(37)
    await event.tag(photo, guest)
    await guest.delete(f"/photos/{photo}/tags/me")
    await platform.jobs.run_periodic(JobName.SEND_DIGESTS)
    assert await mails(platform, guest) == []


async def test_mails_come_in_the_guests_language(platform: Platform, event: Event) -> None:
    guest = await event.new_member()
    await guest.patch("/me", {"locale": "de-AT"})
    await tagged(event, guest, 38)
    await platform.jobs.run_periodic(JobName.SEND_DIGESTS)
    assert "es gibt ein neues Foto von dir" in mailed_text(guest.account["email"])


@pytest.mark.parametrize(("header", "locale"), [("de-AT,de;q=0.9", "de-AT"), ("*", "en"), ("", "en")])
async def test_a_guest_starts_with_the_language_of_the_browser(
    platform: Platform, header: str, locale: str
) -> None:
    body = {"name": "Robin", "email": f"{id(header)}{len(header)}@l.example.com", "password": "long enough"}
    answer = await platform.main.call("POST", "/auth/register", body, {"Accept-Language": header})
    assert answer.json()["account"]["locale"] == locale


def _settings(*, quiet_s: int, longest_wait_s: int) -> DigestSettings:
    return DigestSettings(DIGEST_QUIET_S=quiet_s, DIGEST_LONGEST_WAIT_S=longest_wait_s)
