"""The retention policy: told to the public, simulated by operators, and kept by the jobs."""

import asyncio
import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from acme_config.jobs import JobName
from acme_core.retention import PolicyLanguage, RetentionPolicy, RetentionRule
from acme_standalone.cli import app
from tests.services.harness import Api, Event, Json, Platform
from tests.services.main.test_deletion import guest_of_everything
from tests.services.media.test_reconcile import approved_guest

FACE = """
    INSERT INTO photo_faces (photo_id, project_id, ordinal, box_left, box_top, box_width, box_height, size_px,
                             detection_score, sharpness, crop_key)
    VALUES (:photo, :project, 0, 0, 0, 0.5, 0.5, 100, 1, 1, :key)
"""


def day(days: int) -> date:
    return datetime.now(UTC).date() + timedelta(days=days)


async def simulated(event: Event, days: int) -> Json:
    return await event.operator.get(f"/retention/simulation?on={day(days)}")


def counts(answer: Json) -> dict[str, int]:
    return {item["rule"]: item["count"] for item in answer["items"]}


async def event_with_a_face(platform: Platform) -> tuple[Event, str, str]:
    """Which ended ten days ago; the photo, and the key of the face that was cut out of it."""
    ended = (datetime.now(UTC) - timedelta(days=10)).isoformat()
    event = await platform.new_event(end_at=ended, name="Gala")
    guest, photo = await event.new_member(), await event.ready_photo(71)
    await event.tag(photo, guest)
    key = f"projects/{event.project_id}/photos/{photo}/faces/0"
    await platform.storage.write(key, b"a face", "image/png")
    await platform.sql(FACE, photo=photo, project=event.project_id, key=key)
    await platform.sql(
        "INSERT INTO match_scores (photo_id, user_id, confidence) VALUES (:p, :u, 90)",
        p=photo,
        u=guest.account["id"],
    )
    return event, photo, key


async def test_the_policy_is_public_and_versioned_by_what_it_says(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = await platform.main.get("/privacy/retention-policy")
    german = await platform.main.get("/privacy/retention-policy?language=de")
    assert english["version"] == german["version"]
    assert english["sha256"] == hashlib.sha256(english["text"].encode()).hexdigest()
    assert {item["rule"] for item in english["rules"]} == set(RetentionRule)
    for item in english["rules"]:
        assert f"{item['kept_days']} days" in english["text"]
        assert f"{item['kept_days']} Tage" in german["text"]
    monkeypatch.setenv("RETENTION_ARCHIVES_DAYS", "31")
    changed = RetentionPolicy.from_environment()
    assert changed.version != english["version"]
    assert "31 days" in CliRunner().invoke(app, ["retention", "policy"]).output


def test_the_policy_names_the_log_of_webhooks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_LOG_KEPT_DAYS", "33")
    policy = RetentionPolicy.from_environment()
    for language, kept in ((PolicyLanguage.ENGLISH, "33 days"), (PolicyLanguage.GERMAN, "33 Tage")):
        (told,) = [line for line in policy.text(language).split("\n- ") if kept in line]
        assert "(webhooks)" in told.lower()


async def test_faces_of_an_event_go_a_year_after_it_and_its_photos_stay(platform: Platform) -> None:
    event, photo, key = await event_with_a_face(platform)
    before = await simulated(event, 354)
    assert (counts(before)["event_faces"], before["events"]) == (0, [])
    after = await simulated(event, 356)
    assert counts(after)["event_faces"] == 1
    assert after["events"] == [{"project_id": event.project_id, "name": "Gala", "faces": 1}]
    stranger = await platform.new_event()
    assert counts(await simulated(stranger, 400))["event_faces"] == 0

    await platform.jobs.run_periodic(JobName.ERASE_OLD_FACES)
    assert len(await platform.storage.list_objects(key)) == 1, "not yet"
    await platform.sql(
        "UPDATE projects SET start_at = NULL, end_at = now() - interval '366 days' WHERE id = :id",
        id=event.project_id,
    )
    assert counts(await simulated(event, 0))["event_faces"] == 1
    await platform.jobs.run_periodic(JobName.ERASE_OLD_FACES)
    assert await platform.storage.list_objects(key) == []
    for table in ("photo_faces", "match_scores"):
        left = f"SELECT 1 FROM {table} WHERE project_id = :id"
        assert await platform.sql(left, id=event.project_id) == []
    assert counts(await simulated(event, 0))["event_faces"] == 0
    tags = (await event.operator.get(f"/projects/{event.project_id}/photo-tags"))["items"]
    assert [tag["photo_id"] for tag in tags] == [photo]


async def long_gone(platform: Platform, guest: Api, days: int) -> None:
    ago = f"now() - interval '{days} days'"
    for table, column, owner in (
        ("users", "created_at", "id"),
        ("auth_sessions", "last_used_at", "account_id"),
        ("audit_events", "occurred_at", "actor_id"),
    ):
        await platform.sql(f"UPDATE {table} SET {column} = {ago} WHERE {owner} = :id", id=guest.account["id"])


async def test_who_is_not_here_any_more_is_forgotten_after_three_years(platform: Platform) -> None:
    event = await platform.new_event()
    gone, seen = await approved_guest(event), await approved_guest(event)
    await long_gone(platform, gone, 1090)
    await long_gone(platform, seen, 1090)
    await seen.call("GET", "/me/export")
    assert counts(await simulated(event, 10))["inactive_guests"] == 1
    await platform.jobs.run_periodic(JobName.ENFORCE_RETENTION)
    assert len(await selfies_of(platform, gone)) == 1, "not yet"
    await long_gone(platform, gone, 1096)
    assert counts(await simulated(event, 0))["inactive_guests"] == 1
    await platform.jobs.run_periodic(JobName.ENFORCE_RETENTION)
    assert await selfies_of(platform, gone) == []
    assert len(await selfies_of(platform, seen)) == 1
    (receipt,) = (await gone.get("/consents/receipts"))["items"]
    assert (receipt["state"], receipt["cause"]) == ("completed", "inactive")
    assert (await gone.get("/consents"))["items"][0]["state"] == "revoked"


async def selfies_of(platform: Platform, guest: Api) -> list[Any]:
    return await platform.sql("SELECT id FROM selfies WHERE user_id = :id", id=guest.account["id"])


async def test_archives_go_after_a_month_and_are_built_again(platform: Platform) -> None:
    event = await platform.new_event()
    guest, _ = await guest_of_everything(event)
    (purchase,) = (await guest.get("/purchases"))["items"]
    path = f"/purchases/{purchase['id']}/archive"
    assert (await guest.get(path))["state"] == "ready"
    assert counts(await simulated(event, 29))["archives"] == 0
    assert counts(await simulated(event, 31))["archives"] == 1
    await platform.sql(
        "UPDATE purchase_archives SET finished_at = now() - interval '31 days' WHERE purchase_id = :id",
        id=purchase["id"],
    )
    await platform.jobs.run_periodic(JobName.ENFORCE_RETENTION)
    assert (await guest.call("GET", path)).status_code == 404
    assert await platform.storage.list_objects(f"purchases/{purchase['id']}/") == []
    await guest.post(path)
    await platform.jobs.run()
    assert (await guest.get(path))["state"] == "ready"


async def test_the_command_simulates_the_whole_platform(
    platform: Platform, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await event_with_a_face(platform)
    monkeypatch.setenv("DATABASE_URL", database_url)
    arguments = ["retention", "simulate", "--on", str(day(4000))]
    lines = await in_thread(arguments)
    told = {line.split()[0]: int(line.split()[1]) for line in lines}
    assert set(told) == set(RetentionRule)
    assert told["event_faces"] >= 1
    assert told["addresses"] >= 1


async def in_thread(arguments: list[str]) -> list[str]:
    """The command runs a loop of its own."""
    result = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    assert result.exit_code == 0, result.output
    return result.output.splitlines()
