"""A new text asks again: matching pauses, nothing is lost, and the old consent keeps its proof."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from secrets import token_hex

import pytest

from acme_config.jobs import JobName
from acme_config.settings import ConsentSettings
from acme_main.consents.documents import BUILT_IN, ConsentTexts, ConsentTextsUnusableError
from acme_standalone.demo.scenes import Person, Scene
from acme_standalone.postgres import EmbeddedPostgres
from tests.conftest import running_platform
from tests.services.harness import Api, Event, Platform, mailed_text
from tests.services.main.test_consents import BIOMETRIC, consent
from tests.services.media.test_matching_journey import enrol, photos_of, scenes, selfies, showing, upload
from tests.services.media.test_selfies import send_selfie

__all__ = ["scenes", "selfies"]


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deployment's own folder, which begins with the texts of the platform."""
    folder = tmp_path / "texts"
    shutil.copytree(BUILT_IN, folder)
    monkeypatch.setenv("CONSENT_TEXTS_DIR", str(folder))
    return folder


def write_version(folder: Path, version: str) -> None:
    for language in ("en", "de"):
        path = folder / BIOMETRIC / f"{version}.{language}.md"
        path.write_text(f"# A new text ({language})\n\nYou may withdraw at any time.\n", "utf-8")


class Deployment:
    """One database and queue, on which the platform is started again and again."""

    def __init__(self, database_url: str, parts: tuple[str, str, str]) -> None:
        self._database_url = database_url
        self._parts = parts

    @asynccontextmanager
    async def started(self) -> AsyncIterator[Platform]:
        async with running_platform(self._database_url, *self._parts) as platform:
            yield platform


@pytest.fixture
def deployment(
    postgres: EmbeddedPostgres, template: str, redis_url: str, object_store_url: str, stripe_url: str
) -> Deployment:
    url = postgres.create_database(f"consent_{token_hex(4)}", template)
    return Deployment(url, (redis_url, object_store_url, stripe_url))


def at(platform: Platform, api: Api, service: str) -> Api:
    """The same account, asked at the platform as it runs now."""
    base: Api = getattr(platform, service)
    return Api(base.http, api.token, api.account)


async def state_of(guest: Api) -> str:
    state: str = (await guest.get("/consents"))["items"][0]["state"]
    return state


async def test_a_new_text_pauses_matching_until_it_is_agreed_to(
    deployment: Deployment, texts: Path, scenes: list[Scene], selfies: dict[Person, Path]
) -> None:
    async with deployment.started() as platform:
        event = await platform.new_event()
        guest, other = await event.new_member("Eileen"), await event.new_member("Grace")
        sending = await platform.new_guest()
        await consent(platform, sending)
        await enrol(platform, guest, selfies[Person.EILEEN].read_bytes())
        first = await upload(event, [scenes[0]])
        agreed = (await guest.get("/consents"))["items"][0]
        old_text = await platform.main.get(f"/consents/documents/{BIOMETRIC}")

    write_version(texts, "2027-01")
    async with deployment.started() as platform:
        guest, other = at(platform, guest, "main"), at(platform, other, "main")
        event = Event(
            platform,
            at(platform, event.operator, "backoffice"),
            at(platform, event.photographer, "backoffice"),
            event.project_id,
        )
        assert await state_of(guest) == "outdated"
        sending = at(platform, sending, "main")
        await send_selfie(platform, sending, selfies[Person.GRACE].read_bytes())
        await platform.jobs.run_periodic(JobName.RENEW_CONSENTS)
        assert "has changed" in mailed_text(guest.account["email"])
        refused = await guest.call("POST", "/auth/media-token")
        assert (refused.status_code, refused.json()["code"]) == (403, "consent_required")

        second = await upload(event, [scenes[2]])
        await enrol(platform, other, selfies[Person.GRACE].read_bytes())
        await event.operator.patch(f"/projects/{event.project_id}", {"confirm_confidence": 76})
        await platform.jobs.run()
        assert await photos_of(event, guest) == showing(Person.EILEEN, first), "what was found stays"
        assert await photos_of(event, other) == showing(Person.GRACE, {**first, **second})

        proof = await guest.get(f"/consents/{agreed['id']}/document")
        assert (proof["text"], proof["sha256"]) == (old_text["text"], agreed["document_sha256"])
        stranger = await other.call("GET", f"/consents/{agreed['id']}/document")
        assert (stranger.status_code, stranger.json()["code"]) == (404, "consent_not_found")

        await consent(platform, guest)
        await platform.jobs.run()
        assert await state_of(guest) == "active"
        assert await photos_of(event, guest) == showing(Person.EILEEN, {**first, **second})
        history = (await guest.get("/consents"))["items"]
        assert [(item["consent_version"], item["state"]) for item in history] == [
            ("2027-01", "active"),
            (agreed["consent_version"], "revoked"),
        ]
        await a_selfie_that_had_to_wait_is_judged(platform, sending)
        await unanswered_text_ends_the_consent(platform, texts, other)


async def a_selfie_that_had_to_wait_is_judged(platform: Platform, guest: Api) -> None:
    judged = "SELECT status FROM selfies WHERE user_id = :id"
    assert await platform.sql(judged, id=guest.account["id"]) == [("pending",)]
    await consent(platform, guest)
    await platform.jobs.run()
    assert await platform.sql(judged, id=guest.account["id"]) == [("approved",)]


async def unanswered_text_ends_the_consent(platform: Platform, texts: Path, guest: Api) -> None:
    await platform.sql(
        "UPDATE user_consents SET superseded_at = now() - interval '89 days' "
        "WHERE user_id = :id AND revoked_at IS NULL",
        id=guest.account["id"],
    )
    await platform.jobs.run_periodic(JobName.RENEW_CONSENTS)
    assert (await guest.get("/consents/receipts"))["items"] == []
    await platform.sql(
        "UPDATE user_consents SET superseded_at = superseded_at - interval '2 days' "
        "WHERE user_id = :id AND revoked_at IS NULL",
        id=guest.account["id"],
    )
    await platform.jobs.run_periodic(JobName.RENEW_CONSENTS)
    (receipt,) = (await guest.get("/consents/receipts"))["items"]
    assert (receipt["state"], receipt["cause"]) == ("completed", "consent_lapsed")
    assert await state_of(guest) == "revoked"
    left = await platform.sql("SELECT 1 FROM selfies WHERE user_id = :id", id=guest.account["id"])
    assert left == []


async def test_a_published_text_is_not_changed_under_its_version(deployment: Deployment, texts: Path) -> None:
    async with deployment.started():
        pass
    path = texts / BIOMETRIC / "2026-11.en.md"
    path.write_text(path.read_text("utf-8") + "\nAnd we sell your data.\n", "utf-8")
    with pytest.raises(ConsentTextsUnusableError, match="may not change"):
        async with deployment.started():
            pass


def test_a_version_is_there_in_every_language(texts: Path) -> None:
    write_version(texts, "2027-01")
    (texts / BIOMETRIC / "2027-01.de.md").unlink()
    with pytest.raises(ConsentTextsUnusableError, match=r"2027-01\.de\.md is missing"):
        ConsentTexts.read(ConsentSettings())
