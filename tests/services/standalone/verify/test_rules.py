"""Each promise holds on an event that has been through everything, and is seen to be broken when it is."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from acme_standalone.verify.database import hold
from acme_standalone.verify.rules import RULES, Rule
from tests.services.harness import Api, Platform

ENDPOINT = """
    WITH endpoint AS (
        INSERT INTO webhook_endpoints (operator_id, url, encrypted_secret)
        VALUES (:operator, 'https://shop.example.com/', '') RETURNING id
    )
"""

BREAKS = {
    "uploads_end": "UPDATE photos SET status = 'processing' WHERE id = :photo",
    "failures_have_reasons": "UPDATE photos SET status = 'failed' WHERE id = :photo",
    "ready_is_complete": "UPDATE photos SET preview_key = NULL WHERE id = :photo",
    "recognition_ends": "UPDATE photos SET recognition_state = 'pending' WHERE id = :photo",
    "uploads_are_swept": """
        UPDATE photos SET upload_state = 'issued', upload_expires_at = now() - interval '1 hour'
        WHERE id = :photo
    """,
    "uploads_are_of_the_house": "UPDATE photos SET project_id = :other_project WHERE id = :photo",
    "tags_need_consent": "UPDATE photo_tags SET source = 'auto' WHERE photo_id = :photo",
    "scores_need_consent": """
        INSERT INTO match_scores (photo_id, user_id, confidence) VALUES (:photo, :guest, 80)
    """,
    "templates_need_consent": "UPDATE selfies SET crop_key = 'users/x' WHERE user_id = :guest",
    "tags_need_members": "DELETE FROM project_members WHERE user_id = :guest",
    "confirmed_since": "UPDATE photo_tags SET confirmed_at = NULL WHERE photo_id = :photo",
    "selfies_end": "UPDATE selfies SET status = 'pending', upload_state = 'verified' WHERE user_id = :guest",
    "late_guests_are_matched": "UPDATE project_members SET backfill_state = 'running' WHERE user_id = :guest",
    "withheld_as_decided": "UPDATE photos SET withheld_at = now() WHERE id = :photo",
    "blurred_as_decided": """
        UPDATE photos SET blur_version = 'abc', cleared_key = 'projects/x' WHERE id = :photo
    """,
    "erasures_go_on": "INSERT INTO erasure_receipts (id, user_id) VALUES (gen_random_uuid(), :guest)",
    "erasures_are_complete": """
        INSERT INTO erasure_receipts (id, user_id, state, requested_at)
        VALUES (gen_random_uuid(), :guest, 'completed', now() + interval '1 second')
    """,
    "deleted_photos_are_purged": "UPDATE photos SET deleted_at = now() WHERE id = :photo",
    "paid_since": "UPDATE purchases SET paid_at = NULL WHERE id = :purchase",
    "refunds_fit": "UPDATE purchases SET refunded_at = now() WHERE id = :purchase",
    "unlocks_fit": """
        WITH fewer AS (UPDATE purchases SET photo_count = 1 WHERE id = :purchase)
        INSERT INTO purchase_photos (purchase_id, photo_id)
        SELECT :purchase, id FROM photos WHERE project_id = :project
    """,
    "unlocks_stay_in_the_project": """
        WITH unlocked AS (INSERT INTO purchase_photos (purchase_id, photo_id) VALUES (:purchase, :photo))
        UPDATE photos SET project_id = :other_project WHERE id = :photo
    """,
    "webhooks_are_processed": """
        INSERT INTO stripe_events (id, type, intent_id)
        VALUES ('evt_lost', 'payment_intent.succeeded', 'pi_lost')
    """,
    "receipts_are_mailed": "UPDATE purchases SET amount = 1 WHERE id = :purchase",
    "archives_end": "INSERT INTO purchase_archives (purchase_id, state) VALUES (:purchase, 'building')",
    "purchases_are_told": f"""
        {ENDPOINT} INSERT INTO webhook_subscriptions (endpoint_id, event, created_at)
        SELECT id, 'purchase.paid', now() - interval '1 hour' FROM endpoint
    """,
    "deliveries_go_on": f"""
        {ENDPOINT} INSERT INTO webhook_deliveries (endpoint_id, event_key, message_id, event, data)
        SELECT id, 'photo.ready:1', 'evt_1', 'photo.ready', '{{}}' FROM endpoint
    """,
    "cards_are_used_once": """
        UPDATE qr_tokens SET kind = 'card', use_count = 2 WHERE project_id = :project
    """,
    "suspended_means_out": "UPDATE operators SET suspended_at = now() WHERE id = :operator",
    "totals_add_up": """
        INSERT INTO figure_totals (project_id, kind, subject_id, label, value)
        VALUES (:project, 'photos', :project, 'ready', 1)
    """,
    "jobs_are_pushed": """
        INSERT INTO outbox_jobs (id, name, queue, payload, run_at)
        VALUES (gen_random_uuid(), 'purge_photo', 'images', '{}', now() - interval '1 hour')
    """,
    "no_dead_letters": """
        INSERT INTO outbox_jobs (id, name, queue, payload, state)
        VALUES (gen_random_uuid(), 'purge_photo', 'images', '{}', 'failed')
    """,
}


@dataclass(frozen=True)
class Lived:
    """An event with everything in it that a rule is about."""

    values: dict[str, object]


@pytest.fixture(scope="module")
async def lived(platform: Platform) -> Lived:
    event = await platform.new_event()
    other = await platform.new_event()
    guest = await event.new_member()
    photos = [await event.ready_photo(seed) for seed in (1, 2)]
    await event.tag(photos[0], guest)
    package = await event.new_package(photo_count=2, price=0)
    bought = await guest.post("/purchases", {"project_id": event.project_id, "package_id": package})
    await _selfie(platform, guest)
    await platform.jobs.run()
    return Lived(
        {
            "photo": photos[0],
            "guest": guest.account["id"],
            "project": event.project_id,
            "other_project": other.project_id,
            "operator": event.operator.account["id"],
            "purchase": bought["id"],
        }
    )


async def _selfie(platform: Platform, guest: Api) -> None:
    """A row alone: what a judged selfie leaves of a guest without a consent."""
    await platform.sql(
        """
        INSERT INTO selfies (id, user_id, storage_key, content_type, size_bytes, upload_expires_at,
                             status, upload_state, rejection_reason)
        VALUES (gen_random_uuid(), CAST(:guest AS uuid), 'users/x/selfies/y/original', 'image/jpeg', 1, now(),
                'rejected', 'verified', 'no_face')
        """,
        guest=guest.account["id"],
    )


@pytest.fixture
async def connection(platform: Platform) -> AsyncIterator[AsyncConnection]:
    """What a test does here is undone."""
    async with platform.data.engine.connect() as connection:
        yield connection
        await connection.rollback()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
async def test_a_broken_promise_is_seen(rule: Rule, lived: Lived, connection: AsyncConnection) -> None:
    before = await hold(connection, rule)
    await connection.execute(text(BREAKS[rule.name]), lived.values)
    after = await hold(connection, rule)
    assert after.broken > before.broken
    assert after.promise == rule.promise
