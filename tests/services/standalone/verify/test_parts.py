"""What rows promise of the other parts: objects, payments, workers."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from acme_config.jobs import QueueName
from acme_config.settings import StripeSettings
from acme_jobs.heartbeat import beating
from acme_payments.stripe_gateway import StripeGateway
from acme_standalone.verify import workers
from acme_standalone.verify.objects import check_objects
from acme_standalone.verify.payments import check_payments
from acme_standalone.verify.workers import check_workers
from acme_storage import keys
from tests.services.harness import Json, Platform

NOW = timedelta(0)
LATELY = timedelta(hours=1)


@pytest.fixture
async def gateway(platform: Platform, stripe_url: str) -> AsyncIterator[StripeGateway]:
    async with StripeGateway(StripeSettings(api_base=stripe_url)) as gateway:
        yield gateway


@pytest.fixture
def stand_in(stripe_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stripe_url, headers={"Authorization": "Bearer sk_test_the_tests"}) as client:
        yield client


async def _objects(platform: Platform) -> tuple[int, int]:
    missing, left = await check_objects(platform.data.engine, platform.storage, NOW)
    return missing.broken, left.broken


async def test_a_file_that_is_gone_is_missed(platform: Platform) -> None:
    event = await platform.new_event()
    photo_id = await event.ready_photo(11)
    missing, left = await _objects(platform)
    [[key]] = await platform.sql("SELECT preview_key FROM photos WHERE id = CAST(:id AS uuid)", id=photo_id)
    await platform.storage.delete_prefix(key)
    assert await _objects(platform) == (missing + 1, left)


async def test_a_face_that_outlived_its_selfie_is_found(platform: Platform) -> None:
    missing, left = await _objects(platform)
    key = keys.selfie_crop(uuid4(), uuid4())
    await platform.storage.write(key, b"a face", "application/octet-stream")
    assert await _objects(platform) == (missing, left + 1)
    await platform.storage.delete_prefix(key)
    assert await _objects(platform) == (missing, left)


async def test_what_is_on_its_way_is_given_time(platform: Platform) -> None:
    _, left = await check_objects(platform.data.engine, platform.storage)
    key = keys.selfie_crop(uuid4(), uuid4())
    await platform.storage.write(key, b"a face", "application/octet-stream")
    _, now = await check_objects(platform.data.engine, platform.storage)
    await platform.storage.delete_prefix(key)
    assert now.broken == left.broken


async def _payments(platform: Platform, gateway: StripeGateway) -> tuple[int, int]:
    uncredited, unearned = await check_payments(platform.data.engine, gateway, LATELY, -LATELY)
    return uncredited.broken, unearned.broken


async def _purchase(platform: Platform) -> Json:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package()
    return await guest.post("/purchases", {"project_id": event.project_id, "package_id": package_id})


async def test_a_payment_that_was_never_credited_is_found(
    platform: Platform, gateway: StripeGateway, stand_in: httpx.Client
) -> None:
    purchase = await _purchase(platform)
    before, unearned = await _payments(platform, gateway)
    intent_id = purchase["client_secret"].partition("_secret_")[0]
    stand_in.post(f"/v1/payment_intents/{intent_id}/confirm", data={"payment_method": "pm_card_visa"})
    assert await _payments(platform, gateway) == (before + 1, unearned)
    await platform.sql(
        "UPDATE purchases SET status = 'paid', paid_at = now() WHERE id = CAST(:id AS uuid)",
        id=purchase["id"],
    )
    assert await _payments(platform, gateway) == (before, unearned)


async def test_a_purchase_that_nobody_paid_is_found(platform: Platform, gateway: StripeGateway) -> None:
    purchase = await _purchase(platform)
    uncredited, before = await _payments(platform, gateway)
    status = "UPDATE purchases SET status = :status WHERE id = CAST(:id AS uuid)"
    await platform.sql(status, status="paid", id=purchase["id"])
    assert await _payments(platform, gateway) == (uncredited, before + 1)
    await platform.sql(status, status="pending", id=purchase["id"])


async def test_intents_are_listed_to_the_last_page(gateway: StripeGateway, stand_in: httpx.Client) -> None:
    mark = uuid4().hex
    wish = {"amount": 100, "currency": "eur", "metadata[mark]": mark}
    for _ in range(103):
        stand_in.post("/v1/payment_intents", data=wish).raise_for_status()
    newest = stand_in.get("/v1/payment_intents", params={"limit": 1}).json()["data"][0]
    since = gateway.list_intents(_instant(newest["created"] - 600))
    assert len([intent async for intent in since if intent.metadata.get("mark") == mark]) == 103
    assert [intent async for intent in gateway.list_intents(_instant(newest["created"] + 60))] == []


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


async def test_a_job_without_a_living_worker_is_found(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "HANDED_BACK_S", 0.1)
    worker = f"host:1:{uuid4().hex}"
    row = "INSERT INTO outbox_jobs (id, name, queue, payload, state, worker) VALUES"
    await platform.sql(f"{row} (gen_random_uuid(), 'purge_photo', 'images', '{{}}', 'running', :w)", w=worker)
    try:
        [dead] = await check_workers(platform.data.engine, platform.data.redis)
        async with beating(platform.data.redis, worker, QueueName.IMAGES):
            [alive] = await check_workers(platform.data.engine, platform.data.redis)
    finally:
        await platform.sql("DELETE FROM outbox_jobs WHERE worker = :w", w=worker)
    assert dead.broken == alive.broken + 1
