"""What an event's day leaves in the metrics."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from acme_config.settings import DatabaseSettings
from acme_core.background import beside
from acme_core.clock import utc_now
from acme_db.engine import create_engine
from acme_db.pool_gauges import keep_sampling
from acme_storage.gateway import ObjectMissing
from tests.conftest import STRIPE_SECRET
from tests.counted import counted
from tests.services.harness import Platform, picture
from tests.services.main.test_purchases import checkout, confirm, deliver, events_of, pay

READY = "acme_upload_to_ready_seconds"
MAIL = 'acme_provider_call_duration_seconds_count{operation="send",outcome="ok",provider="mail"}'


@pytest.fixture
def stand_in(stripe_url: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {STRIPE_SECRET}"}
    with httpx.Client(base_url=stripe_url, headers=headers) as client:
        yield client


async def test_a_photo_is_timed_from_its_upload_until_it_is_ready(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.upload(picture(71))
    await platform.sql("UPDATE photos SET uploaded_at = now() - interval '90 s' WHERE id = :id", id=photo_id)
    before = counted()
    await platform.jobs.run()
    after = counted()
    assert after(f"{READY}_count") - before(f"{READY}_count") == 1
    assert 90 <= after(f"{READY}_sum") - before(f"{READY}_sum") < 150


async def test_purchases_and_webhooks_are_counted_once_however_often_they_come(
    platform: Platform, stand_in: httpx.Client
) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package()
    before = counted()
    purchase = (await checkout(event, guest, package_id, key="k")).json()
    await checkout(event, guest, package_id, key="k")
    intent_id = await pay(platform, stand_in, purchase)
    for webhook in events_of(stand_in, intent_id):
        await deliver(platform, webhook)
    await platform.jobs.run()
    after = counted()
    for state in ("started", "paid"):
        sample = f'acme_purchases_total{{state="{state}"}}'
        assert after(sample) - before(sample) == 1, state
    received, processed = (
        f'acme_webhook_lag_seconds_count{{stage="{stage}"}}' for stage in ("received", "processed")
    )
    assert after(received) - before(received) == len(events_of(stand_in, intent_id))
    assert after(processed) - before(processed) >= 1
    assert after(MAIL) - before(MAIL) >= 1
    created = (
        'acme_provider_call_duration_seconds_count{operation="create_intent",outcome="ok",provider="stripe"}'
    )
    assert after(created) - before(created) == 1
    await event.operator.post(f"/purchases/{purchase['id']}/refunds", {})
    for webhook in events_of(stand_in, intent_id):
        await deliver(platform, webhook)
    await platform.jobs.run()
    refunded = 'acme_purchases_total{state="refunded"}'
    assert counted()(refunded) - after(refunded) == 1


async def test_a_declined_card_is_a_failed_purchase_and_no_error_of_stripes(
    platform: Platform, stand_in: httpx.Client
) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package()
    before = counted()
    purchase = (await checkout(event, guest, package_id)).json()
    intent_id = confirm(stand_in, purchase, "pm_card_chargeDeclined")
    for webhook in events_of(stand_in, intent_id):
        await deliver(platform, webhook)
    await platform.jobs.run()
    failed = 'acme_purchases_total{state="failed"}'
    assert counted()(failed) - before(failed) == 1


async def test_a_missing_object_is_an_answer_of_the_store_and_no_error(platform: Platform) -> None:
    before = counted()
    with pytest.raises(ObjectMissing):
        await platform.storage.head(f"nowhere/{utc_now().timestamp()}")
    after = counted()
    for outcome, count in (("refused", 1), ("error", 0), ("ok", 0)):
        labels = f'operation="head",outcome="{outcome}",provider="storage"'
        sample = f"acme_provider_call_duration_seconds_count{{{labels}}}"
        assert after(sample) - before(sample) == count


async def test_connections_that_work_are_seen_of_each_pool(platform: Platform) -> None:
    """Beside those of the APIs that this process runs, whose pools are looked at at moments of their own."""
    data, settings = platform.data, DatabaseSettings()
    other = create_engine(settings, application_name="tests")
    before = counted()
    async with (
        data.engine.connect(),
        data.engine.connect(),
        other.connect(),
        beside(keep_sampling(data.engine, settings)),
        beside(keep_sampling(other, settings)),
    ):
        await asyncio.sleep(0.05)
        during = counted()
    after = counted()
    await other.dispose()
    in_use, limit = "acme_db_pool_in_use", "acme_db_pool_limit"
    assert during(in_use) - before(in_use) >= 3
    assert after(in_use) - before(in_use) < 3
    assert during(limit) - before(limit) == 2 * settings.pool_size
    assert after(limit) == before(limit)
