"""Server-sent events: told after the commit, to whom they concern, each once, with what was missed."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import uvicorn
from redis.asyncio import Redis

from acme_auth.principals import Audience, Principal, Role
from acme_auth.tokens import TokenService
from acme_config.settings import RedisSettings
from acme_core.clock import utc_now
from acme_db.models import SelfieStatus
from acme_db.unit_of_work import unit_of_work
from acme_events import channels
from acme_events.catalogue import MatchesFound, SelfieChanged
from acme_events.feed import feed, next_of
from acme_events.hub import EventHub, Inbox, Missed, Told
from acme_events.publisher import KEPT_EVENTS, RedisPublisher, announce, stream_key
from acme_jobs.queue import connect_queue
from acme_media.events.service import LiveEvents
from acme_media.events.watch import SessionWatch
from acme_standalone.demo.scenes import Person, Scene
from acme_standalone.processes.ports import free_port
from tests.counted import counted
from tests.services.harness import Api, Json, Platform, picture
from tests.services.main.test_purchases import checkout, pay, stand_in
from tests.services.media.test_matching_journey import enrol, scenes, selfies, upload

__all__ = ["scenes", "selfies", "stand_in"]

PATIENCE_S = 30


@dataclass(frozen=True)
class Heard:
    name: str
    data: Json
    id: str | None


@dataclass
class Ear:
    """One connection, and what it has heard."""

    lines: AsyncIterator[str]

    async def next(self) -> Heard:
        """Comments that keep the connection open are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            fields: dict[str, str] = {}
            async for line in self.lines:
                if not line and "event" in fields:
                    return Heard(fields["event"], json.loads(fields["data"]), fields.get("id"))
                name, _, value = line.partition(": ")
                if name:
                    fields[name] = value
        raise EOFError

    async def until(self, name: str, wanted: Callable[[Json], bool] = bool) -> Heard:
        while True:
            heard = await self.next()
            if heard.name == name and wanted(heard.data):
                return heard


@pytest.fixture(scope="session")
async def url(platform: Platform) -> AsyncIterator[str]:
    """The media service on a socket: a test client in the process reads no stream bit by bit."""
    port = free_port()
    config = uvicorn.Config(platform.apps["media"], port=port, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has a flag, no event
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.force_exit = server.should_exit = True
    await serving


@asynccontextmanager
async def listening(url: str, token: str, path: str = "/v1/events", **headers: str) -> AsyncIterator[Ear]:
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_S) as http:
        sent = {"Authorization": f"Bearer {token}", **headers}
        async with http.stream("GET", path, headers=sent) as answer:
            assert answer.status_code == 200, await answer.aread()
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield Ear(answer.aiter_lines())


async def token_of(guest: Api) -> str:
    token: str = (await guest.post("/auth/media-token", {"scope": "events"}))["access_token"]
    return token


async def test_a_guest_hears_of_selfie_matches_and_progress(
    platform: Platform, url: str, scenes: list[Scene], selfies: dict[Person, Path]
) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    await upload(event, [scenes[0]])
    async with listening(url, await token_of(guest)) as ear:
        assert (await ear.next()).name == "ready"
        await enrol(platform, guest, selfies[Person.EILEEN].read_bytes())
        assert (await ear.until("selfie.changed")).data["status"] == "approved"
        found = await ear.until("matches.found")
        assert found.data["project_id"] == event.project_id
        assert len(found.data["photo_ids"]) == 1
        done = await ear.until("matching.progress", lambda data: data["state"] == "done")
        assert (done.data["done"], done.data["total"]) == (1, 1)


async def test_a_match_of_a_photo_that_is_not_ready_is_told_when_it_is(platform: Platform, url: str) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    photo = await event.upload(picture(71))
    async with listening(url, await token_of(guest)) as ear:
        assert (await ear.next()).name == "ready"
        await event.tag(photo, guest)
        await platform.jobs.run()
        heard = [await ear.next(), await _silence(ear)]
    assert heard[0].data["photo_ids"] == [photo]
    assert heard[1] is None


async def _silence(ear: Ear) -> Any:
    try:
        return await asyncio.wait_for(ear.next(), 0.5)
    except TimeoutError:
        return None


async def test_operator_and_photographer_follow_the_uploads_and_others_do_not(
    platform: Platform, url: str
) -> None:
    event, other = await platform.new_event(), await platform.new_event()
    async with (
        listening(url, str(event.operator.token)) as operator,
        listening(url, str(event.photographer.token), f"/v1/events?project_id={event.project_id}") as own,
        listening(url, str(other.operator.token)) as stranger,
    ):
        for ear in (operator, own, stranger):
            assert (await ear.next()).name == "ready"
        photo = await event.ready_photo(72)
        for ear in (operator, own):
            ready = await ear.until("photo.changed", lambda data: data["status"] == "ready")
            assert (ready.data["photo_id"], ready.data["project_id"]) == (photo, event.project_id)
            progress = await ear.until("project.progress", lambda data: data["ready"] == 1)
            assert (progress.data["processing"], progress.data["failed"]) == (0, 0)
            assert progress.id is None, "what is counted anew is no part of a replay"
        assert await _silence(stranger) is None


async def test_a_project_can_be_singled_out(platform: Platform, url: str) -> None:
    event = await platform.new_event()
    project = await event.operator.post("/projects", {"name": "Another"})
    async with listening(url, str(event.operator.token), f"/v1/events?project_id={project['id']}") as ear:
        assert (await ear.next()).name == "ready"
        await event.ready_photo(73)
        assert await _silence(ear) is None


async def test_buyer_and_operator_hear_of_the_money(
    platform: Platform, url: str, stand_in: httpx.Client
) -> None:
    event = await platform.new_event()
    guest, package = await event.new_member(), await event.new_package()
    purchase = (await checkout(event, guest, package)).json()
    async with (
        listening(url, await token_of(guest)) as buyer,
        listening(url, str(event.operator.token)) as seller,
    ):
        assert {(await buyer.next()).name, (await seller.next()).name} == {"ready"}
        await pay(platform, stand_in, purchase)
        for ear in (buyer, seller):
            heard = await ear.until("purchase.changed")
            assert heard.data["purchase_id"] == purchase["id"]
            assert (heard.data["status"], heard.data["is_refunded"]) == ("paid", False)


async def test_what_was_missed_is_told_in_order_and_once(platform: Platform, url: str) -> None:
    guest = await platform.new_guest()
    token = await token_of(guest)
    async with listening(url, token) as ear:
        ready = await ear.next()
    told = [await _tell(platform, guest) for _ in range(5)]
    async with listening(url, token, **{"Last-Event-ID": str(ready.id)}) as ear:
        missed = [await ear.next() for _ in range(5)]
        told.append(await _tell(platform, guest))
        live = await ear.next()
        assert await _silence(ear) is None
    assert [heard.data["selfie_id"] for heard in [*missed, live]] == told
    async with listening(url, token, **{"Last-Event-ID": str(missed[3].id)}) as ear:
        assert [(await ear.next()).data["selfie_id"] for _ in range(2)] == told[4:]


async def test_who_was_away_for_too_long_is_told_to_load_everything(platform: Platform, url: str) -> None:
    guest = await platform.new_guest()
    token = await token_of(guest)
    await _tell(platform, guest)
    async with listening(url, token) as ear:
        ready = await ear.next()
    await platform.data.redis.delete(stream_key(channels.of_user(UUID(guest.account["id"]))))
    expected = await _tell(platform, guest)
    async with listening(url, token, **{"Last-Event-ID": str(ready.id)}) as ear:
        assert (await ear.next()).name == "reset"
        later = await _tell(platform, guest)
        assert (await ear.next()).data["selfie_id"] == later != expected


@pytest.mark.parametrize("last", ["x", "1", "1-", "-1-1", "9" * 19 + "-1", "1-1-1"])
async def test_an_id_that_was_never_told_is_refused(platform: Platform, last: str) -> None:
    guest = await platform.new_guest()
    media = platform.media.as_({"access_token": await token_of(guest)})
    answer = await media.call("GET", "/events", headers={"Last-Event-ID": last})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


async def test_a_stream_ends_with_the_session(platform: Platform, url: str) -> None:
    """One look at the sessions ends the streams of those that have ended, and no other."""
    guest, other = await platform.new_guest(), await platform.new_guest()
    watch: SessionWatch = platform.apps["media"].state.watch
    async with listening(url, await token_of(guest)) as ear, listening(url, await token_of(other)) as second:
        assert {(await ear.next()).name, (await second.next()).name} == {"ready"}
        (own,) = (await guest.get("/me/sessions"))["items"]
        await guest.delete(f"/me/sessions/{own['id']}")
        await watch.check()
        with pytest.raises(EOFError):
            await ear.next()
        told = await _tell(platform, other)
        assert (await second.next()).data["selfie_id"] == told


async def test_open_streams_are_counted_and_are_no_slow_answers(platform: Platform, url: str) -> None:
    guest = await platform.new_guest()
    answers = 'http_requests_total{method="GET",route="/events",status="200"}'
    timed = 'http_request_duration_seconds_count{method="GET",route="/events"}'
    before = counted()
    async with listening(url, await token_of(guest)) as ear:
        await ear.next()
        assert counted()("acme_event_streams_open") == before("acme_event_streams_open") + 1
    async with asyncio.timeout(PATIENCE_S):
        while counted()(answers) == before(answers):  # noqa: ASYNC110 - a counter has no event
            await asyncio.sleep(0.05)
    after = counted()
    assert after("acme_event_streams_open") == before("acme_event_streams_open")
    assert after(timed) == before(timed)


async def test_sessions_are_looked_at_by_the_clock(
    platform: Platform, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acme_media.events.watch.CHECK_S", 0.05)
    ended = asyncio.Event()
    watch = SessionWatch(platform.data)
    async with watch.running():
        with watch.watching(uuid4(), ended.set):
            await asyncio.wait_for(ended.wait(), PATIENCE_S)


async def test_a_stream_ends_with_its_token(platform: Platform) -> None:
    guest = await platform.new_guest()
    caller = Principal(UUID(guest.account["id"]), Role.USER, Audience.MEDIA, "jti", utc_now(), None)
    state = platform.apps["media"].state
    live = LiveEvents(platform.data, state.hub, state.watch, caller, None)
    assert [told async for told in live.follow(None)] == []


async def test_a_stream_ends_when_its_token_does_without_an_event(platform: Platform, url: str) -> None:
    guest = await platform.new_guest()
    tokens: TokenService = platform.apps["main"].state.auth.tokens
    caller = tokens.verify(await token_of(guest), frozenset({Audience.MEDIA}))
    brief = replace(caller, expires_at=utc_now() + timedelta(seconds=0.5))
    state = platform.apps["media"].state
    live = LiveEvents(platform.data, state.hub, state.watch, brief, None)
    async with asyncio.timeout(PATIENCE_S):
        assert [told.name async for told in live.follow(None) if told] == ["ready"]


async def test_what_is_rolled_back_is_never_told(platform: Platform) -> None:
    guest = UUID((await platform.new_guest()).account["id"])
    hub: EventHub = platform.apps["media"].state.hub

    async def fail() -> None:
        async with unit_of_work(platform.data.sessions) as session:
            announce(session, MatchesFound(project_id=guest, photo_ids=[guest]), channels.of_user(guest))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await hub.newest_id(channels.of_user(guest)) == "0-0"


async def test_a_lost_connection_to_redis_loses_no_event(platform: Platform) -> None:
    guest = UUID((await platform.new_guest()).account["id"])
    redis = await connect_queue(RedisSettings())
    hub, publisher = EventHub(redis), RedisPublisher(platform.data.redis)
    heard: list[Told] = []
    async with hub.running():
        following = asyncio.create_task(_collect(hub, guest, heard))
        await _until(lambda: bool(heard))
        await platform.data.redis.client_kill_filter(_type="pubsub")
        for _ in range(3):
            await publisher.publish(_event(guest), [channels.of_user(guest)])
        await _until(lambda: len(heard) == 4)
        await _end(following)
    await redis.aclose()
    assert [told.name for told in heard] == ["ready", *["selfie.changed"] * 3]


async def test_a_follower_that_cannot_keep_up_still_gets_everything(platform: Platform) -> None:
    guest = UUID((await platform.new_guest()).account["id"])
    hub: EventHub = platform.apps["media"].state.hub
    publisher = RedisPublisher(platform.data.redis)
    heard: list[Told] = []
    many = KEPT_EVENTS // 2

    async def slowly() -> None:
        async for told in feed(hub, channels.of_user(guest), None, patience=lambda: 60):
            assert told is not None
            heard.append(told)
            if len(heard) == 1:
                for _ in range(many):
                    await publisher.publish(_event(guest), [channels.of_user(guest)])

    following = asyncio.create_task(slowly())
    await _until(lambda: len(heard) == many + 1)
    await _end(following)
    assert len({told.id for told in heard[1:]}) == many


async def test_redis_out_of_reach_stops_nothing_but_the_events(platform: Platform) -> None:
    async with Redis(port=free_port()) as redis:
        await RedisPublisher(redis).publish(_event(UUID(int=1)), ["user:1"])
        assert not await EventHub(redis).is_reachable()


async def _collect(hub: EventHub, guest: UUID, heard: list[Told]) -> None:
    async for told in feed(hub, channels.of_user(guest), None, patience=lambda: 60):
        assert told is not None
        heard.append(told)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - whatever the condition
            await asyncio.sleep(0.02)


def _event(guest: UUID) -> SelfieChanged:
    return SelfieChanged(selfie_id=guest, status=SelfieStatus.APPROVED)


async def _tell(platform: Platform, guest: Api) -> str:
    """Tell something that can be told apart."""
    selfie_id = uuid4()
    async with unit_of_work(platform.data.sessions) as session:
        event = SelfieChanged(selfie_id=selfie_id, status=SelfieStatus.PENDING)
        announce(session, event, channels.of_user(UUID(guest.account["id"])))
    return str(selfie_id)


async def test_a_follower_that_is_ended_as_an_event_arrives_ends() -> None:
    """The event and the end come in the same turn of the loop: the end counts."""
    for _ in range(20):
        inbox: Inbox = asyncio.Queue()
        waiting = asyncio.create_task(next_of(inbox, wait_s=30))
        await asyncio.sleep(0)
        inbox.put_nowait(Missed())
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(waiting, PATIENCE_S)
