"""When the platform is full it says so where work is accepted; payments and erasures are never refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from acme_config.jobs import QueueName
from acme_config.settings import ServerSettings
from acme_web.app import build_app
from acme_web.capacity import Capacity
from tests.services.harness import Api, Platform, picture
from tests.services.main.test_consents import BIOMETRIC, consent
from tests.services.main.test_purchases import checkout, deliver, events_of, pay, stand_in
from tests.services.media.test_selfies import send_selfie

__all__ = ["stand_in"]

FULL = (503, "platform_full", "30")


def _told(answer: httpx.Response) -> tuple[int, str, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"], answer.headers["retry-after"]


@asynccontextmanager
async def _full(platform: Platform, *queues: QueueName) -> AsyncIterator[None]:
    """Two jobs wait in each of these queues, and no more may."""
    redis = platform.data.redis
    kept = {name: app.state.capacity for name, app in platform.apps.items() if name != "backoffice"}
    for name in kept:
        platform.apps[name].state.capacity = Capacity(redis, most=2)
    for queue in queues:
        await redis.zadd(queue, {uuid4().hex: 1, uuid4().hex: 1})
    try:
        yield
    finally:
        for name, capacity in kept.items():
            platform.apps[name].state.capacity = capacity
        await redis.delete(*queues)


@pytest.mark.parametrize("queue", [QueueName.IMAGES, QueueName.FACES])
async def test_no_upload_is_announced_or_taken_on_while_its_queues_are_full(
    platform: Platform, queue: QueueName
) -> None:
    event = await platform.new_event()
    media = platform.media.as_({"access_token": event.photographer.token})
    path, file = "/photographers/me/photos", event.announced(picture(800))
    issued = await media.post(f"{path}/upload-url", file)
    other = {name: value for name, value in file.items() if name != "project_id"}
    batch = {"project_id": event.project_id, "files": [{**other, "filename": "b.jpg"}]}
    async with _full(platform, queue):
        refused = [
            await media.call("POST", f"{path}/upload-url", file),
            await media.call("POST", f"{path}/upload-urls", batch),
            await media.call("POST", f"{path}/{issued['photo_id']}/complete"),
        ]
        assert [_told(answer) for answer in refused] == [FULL] * 3
        assert (await media.call("GET", f"{path}/{issued['photo_id']}")).status_code == 200
    (row,) = await platform.sql(
        "SELECT count(*) FROM photos WHERE project_id = CAST(:id AS uuid)", id=event.project_id
    )
    assert row.count == 1
    assert (await media.call("POST", f"{path}/upload-urls", batch)).status_code == 200


async def test_no_selfie_is_taken_on_while_faces_wait_but_a_consent_is_withdrawn(platform: Platform) -> None:
    guest = await platform.new_guest()
    await consent(platform, guest)
    selfie_id = await send_selfie(platform, guest, picture(801))
    await platform.jobs.run()
    media = platform.media.as_(await guest.post("/auth/media-token", {"scope": "selfie"}))
    async with _full(platform, QueueName.FACES):
        wish = {"content_type": "image/jpeg", "size_bytes": 10}
        assert _told(await media.call("POST", "/selfie/upload-url", wish)) == FULL
        assert _told(await media.call("POST", f"/selfie/{selfie_id}/complete")) == FULL
        assert (await media.call("DELETE", f"/selfie/{selfie_id}")).status_code == 204
        assert (await guest.call("DELETE", f"/consents/{BIOMETRIC}")).status_code == 202
        assert (await guest.call("DELETE", "/me")).status_code == 202
    await platform.jobs.run()


async def test_no_archive_is_begun_while_the_queue_is_full_but_payments_are_heard(
    platform: Platform, stand_in: httpx.Client
) -> None:
    event = await platform.new_event()
    guest, package_id = await event.new_member(), await event.new_package(photo_count=0)
    paid = (await checkout(event, guest, package_id)).json()
    await pay(platform, stand_in, paid)
    async with _full(platform, QueueName.MAIN):
        assert _told(await guest.call("POST", f"/purchases/{paid['id']}/archive")) == FULL
        intent_id = paid["client_secret"].partition("_secret_")[0]
        assert await deliver(platform, events_of(stand_in, intent_id)[-1]) == 200
    assert (await guest.call("POST", f"/purchases/{paid['id']}/archive")).status_code == 202
    await platform.jobs.run()


async def test_redis_is_asked_once_a_second_and_without_it_all_is_taken_on(platform: Platform) -> None:
    looks = []

    class Redis:
        async def zcard(self, name: str) -> int:
            looks.append(name)
            if len(looks) > 1:
                raise ConnectionError
            return 5

    capacity = Capacity(Redis(), most=5)  # type: ignore[arg-type] # as much of it as is asked
    found = await asyncio.gather(*(capacity.has_room(QueueName.IMAGES) for _ in range(20)))
    assert (len(looks), found[0]) == (1, False)
    assert not await capacity.has_room(QueueName.IMAGES)
    capacity._looked_at.clear()
    assert await capacity.has_room(QueueName.IMAGES)
    assert len(looks) == 2


@asynccontextmanager
async def _busy_app() -> AsyncIterator[tuple[Api, asyncio.Event, asyncio.Semaphore]]:
    """Takes two requests at once, which end when the event is set; who has entered is counted."""
    router, go, entered = APIRouter(), asyncio.Event(), asyncio.Semaphore(0)

    @router.api_route("/{rest:path}", methods=["GET", "POST", "DELETE"])
    async def slow(rest: str) -> str:
        entered.release()
        await go.wait()
        return rest

    @asynccontextmanager
    async def nothing(_: FastAPI) -> AsyncIterator[None]:
        yield

    app = build_app(
        title="Busy", server=ServerSettings(API_REQUESTS_AT_ONCE=2), routers=[router], lifespan=nothing
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://testserver"
    ) as http:
        yield Api(http), go, entered


async def test_one_request_too_many_is_told_at_once_and_what_may_not_wait_passes() -> None:
    async with _busy_app() as (api, go, entered):
        running = [asyncio.create_task(api.call("GET", f"/slow/{number}")) for number in range(2)]
        for _ in range(2):
            await entered.acquire()
        refused = await api.call("GET", "/slow/3")
        assert _told(refused) == (503, "overloaded", "1")
        assert refused.headers["x-request-id"]
        assert (await api.http.get("/health/live")).status_code == 200
        running += [
            asyncio.create_task(api.call("POST", "/webhooks/stripe")),
            asyncio.create_task(api.call("DELETE", "/consents/biometric_processing")),
        ]
        for _ in range(2):
            await entered.acquire()
        go.set()
        assert {answer.status_code for answer in await asyncio.gather(*running)} == {200}
        assert (await api.call("GET", "/slow/4")).status_code == 200
