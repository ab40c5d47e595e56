"""The hot folder."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx

from tests.services.harness import picture
from tests.services.standalone.upload.conftest import Desk, digests, until

INTERVAL_S = 0.05


@asynccontextmanager
async def watching(desk: Desk) -> AsyncIterator[None]:
    running = asyncio.create_task(desk.upload(watch_interval_s=INTERVAL_S))
    yield
    assert not running.done(), "a watch ends by being ended only"
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def until_held(desk: Desk, count: int) -> list[str]:
    async def is_held() -> bool:
        return len(await desk.held()) >= count

    await until(is_held)
    return await desk.held()


async def until_shown(desk: Desk, text: str) -> None:
    async def is_shown() -> bool:
        return text in desk.shown

    await until(is_shown)


async def test_a_new_file_is_sent_and_a_growing_one_left_alone(desk: Desk) -> None:
    desk.put("first.jpg", picture(1))
    slow, quick = picture(2, (900, 700)), picture(3)
    async with watching(desk):
        await until_held(desk, 1)
        growing = desk.put("growing.jpg", b"")
        with growing.open("ab") as file:
            for start in range(0, len(slow), len(slow) // 20 + 1):
                file.write(slow[start : start + len(slow) // 20 + 1])
                file.flush()
                if start == 0:
                    desk.put("quick.jpg", quick)
                await asyncio.sleep(INTERVAL_S / 2)
        assert await until_held(desk, 3) == digests(picture(1), slow, quick)
    assert len(await desk.photos()) == 3, "no part of the growing one was announced"
    assert desk.wires.objects.count("PUT") == 3


async def test_an_outage_is_waited_out(desk: Desk) -> None:
    is_away = True

    async def outage(_: httpx.Request) -> None:
        if is_away:
            raise httpx.ConnectError("connection refused")

    desk.put("a.jpg", picture(1))
    desk.wires.media.hook = desk.wires.objects.hook = outage
    async with watching(desk):
        await until_shown(desk, "trying again")
        is_away = False
        assert await until_held(desk, 1) == digests(picture(1))


async def test_what_the_server_cannot_use_is_told_once_and_not_sent_again(desk: Desk) -> None:
    desk.put("text.jpg", b"this is no picture at all")
    async with watching(desk):
        await until_held(desk, 1)
        await desk.event.platform.jobs.run()
        await until_shown(desk, "not_an_image")
        await asyncio.sleep(5 * INTERVAL_S)
        assert desk.shown.count("not_an_image") == 1
        assert len(await desk.photos()) == 1
        desk.put("text.jpg", picture(1))
        assert len(await until_held(desk, 2)) == 2


async def test_a_photographer_who_is_no_longer_assigned_is_told_and_the_watch_ends(desk: Desk) -> None:
    photographer = desk.event.photographer.account["id"]
    path = f"/projects/{desk.event.project_id}/photographers/{photographer}"
    running = asyncio.create_task(desk.upload(watch_interval_s=INTERVAL_S))
    desk.put("a.jpg", picture(1))
    await until_held(desk, 1)
    await desk.event.operator.call("DELETE", path)
    desk.put("b.jpg", picture(2))
    assert await asyncio.wait_for(running, 20) == 2
    assert "project_not_found" in desk.shown
