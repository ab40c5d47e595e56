"""Whatever happens on the way, each photo is there once in the end."""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import httpx
import pytest

from acme_standalone.upload import client, session
from tests.services.harness import picture
from tests.services.standalone.upload.conftest import Desk, Hook, Wire, digests, pass_on

BODIES = [picture(seed, (64, 48)) for seed in range(8)]


@pytest.fixture
def full(desk: Desk) -> Desk:
    for number, body in enumerate(BODIES):
        desk.put(f"{number}.jpg", body)
    return desk


def wire_of(desk: Desk, name: str) -> Wire:
    found: Wire = getattr(desk.wires, name)
    return found


async def run_until_stuck(
    desk: Desk, wire: Wire, moment: str, is_stuck: Callable[[httpx.Request], bool]
) -> None:
    """Cut the run off as soon as a request hangs."""
    stuck = asyncio.Event()

    async def hang(request: httpx.Request) -> None:
        if is_stuck(request):
            stuck.set()
            await asyncio.Event().wait()

    setattr(wire, moment, hang)
    running = asyncio.create_task(desk.upload(jobs=2))
    await asyncio.wait_for(stuck.wait(), 20)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    setattr(wire, moment, pass_on)


def nth(method: str, ending: str, number: int) -> Callable[[httpx.Request], bool]:
    seen: list[str] = []

    def check(request: httpx.Request) -> bool:
        if request.method == method and request.url.path.endswith(ending):
            seen.append(request.url.path)
        return len(seen) >= number

    return check


@pytest.mark.parametrize(
    ("wire", "moment", "method", "ending", "number"),
    [
        pytest.param("media", "after", "POST", "/upload-urls", 1, id="announced, the answer never read"),
        pytest.param("objects", "hook", "PUT", "", 1, id="before the first PUT"),
        pytest.param("objects", "hook", "PUT", "", 5, id="before a later PUT"),
        pytest.param("objects", "after", "PUT", "", 5, id="after a PUT, before its answer"),
        pytest.param("media", "hook", "POST", "/complete", 1, id="sent, none completed"),
        pytest.param("media", "hook", "POST", "/complete", 5, id="sent, some completed"),
        pytest.param("media", "after", "POST", "/complete", 5, id="completed, the answer never read"),
    ],
)
async def test_a_run_that_was_cut_off_goes_on_without_a_duplicate(
    full: Desk, wire: str, moment: str, method: str, ending: str, number: int
) -> None:
    await run_until_stuck(full, wire_of(full, wire), moment, nth(method, ending, number))
    assert len(await full.held()) < len(BODIES)
    assert await full.upload() == 0
    assert await full.held() == digests(*BODIES)
    assert len(await full.photos()) == len(BODIES)


def first_times(count: int, answer: Callable[[], httpx.Response], method: str, ending: str = "") -> Hook:
    left = iter(range(count))

    async def hook(request: httpx.Request) -> httpx.Response | None:
        if request.method == method and request.url.path.endswith(ending) and next(left, None) is not None:
            return answer()
        return None

    return hook


def lost() -> httpx.Response:
    raise httpx.ReadTimeout("the answer got lost")


def refused() -> httpx.Response:
    raise httpx.ConnectError("connection refused")


def busy() -> httpx.Response:
    return httpx.Response(503, headers={"Retry-After": "0"})


def throttled() -> httpx.Response:
    return httpx.Response(429, headers={"Retry-After": "1"})


@pytest.mark.parametrize("fault", [lost, refused, busy])
@pytest.mark.parametrize(
    ("wire", "method", "ending"),
    [
        ("backoffice", "POST", "/login"),
        ("media", "POST", "/upload-urls"),
        ("media", "POST", "/complete"),
        ("objects", "PUT", ""),
    ],
)
async def test_passing_faults_are_waited_out(
    full: Desk, fault: Callable[[], httpx.Response], wire: str, method: str, ending: str
) -> None:
    wire_of(full, wire).hook = first_times(2, fault, method, ending)
    assert await full.upload() == 0
    assert await full.held() == digests(*BODIES)
    assert len(await full.photos()) == len(BODIES)


async def test_the_pause_is_as_long_as_the_server_asks(desk: Desk) -> None:
    desk.put("a.jpg", BODIES[0])
    desk.wires.media.hook = first_times(1, throttled, "POST", "/upload-urls")
    before = time.monotonic()
    assert await desk.upload() == 0
    assert time.monotonic() - before >= 1


async def test_a_put_whose_answer_got_lost_is_complete(full: Desk) -> None:
    full.wires.objects.after = first_times(3, lost, "PUT")
    assert await full.upload() == 0
    assert full.wires.objects.count("PUT") == len(BODIES) + 3
    assert await full.held() == digests(*BODIES)


async def test_a_file_that_does_not_get_through_is_listed_and_the_next_run_sends_it(desk: Desk) -> None:
    desk.put("a.jpg", BODIES[0])
    desk.wires.objects.hook = first_times(4, busy, "PUT")
    assert await desk.upload() == 1
    assert "answers 503" in dict(desk.report.failures())["a.jpg"]
    assert await desk.upload() == 0
    assert await desk.held() == digests(BODIES[0])


async def test_an_object_stores_refusal_is_told_in_its_words(desk: Desk) -> None:
    desk.put("a.jpg", BODIES[0])
    xml = "<Error><Code>QuotaExceeded</Code><Message>The bucket is full</Message></Error>"
    desk.wires.objects.hook = first_times(1, lambda: httpx.Response(403, text=xml), "PUT")
    assert await desk.upload() == 1
    assert dict(desk.report.failures()) == {"a.jpg": "QuotaExceeded: The bucket is full"}


async def test_when_nothing_gets_through_the_run_ends(desk: Desk) -> None:
    for number in range(30):
        desk.put(f"{number}.jpg", picture(number, (16, 16)))
    desk.wires.objects.hook = first_times(10_000, refused, "PUT")
    assert await desk.upload() == 1
    assert "Nothing gets through" in desk.shown
    assert desk.wires.objects.count("PUT") < 20 * 4


async def test_a_media_api_that_is_away_ends_the_run_with_status_1(full: Desk) -> None:
    full.wires.media.hook = first_times(10_000, refused, "POST")
    assert await full.upload() == 1
    assert "The media API cannot be reached: media does not answer (ConnectError)" in full.shown


async def test_a_long_wait_that_is_asked_for_is_told_not_waited(full: Desk) -> None:
    full.wires.backoffice.hook = first_times(
        1, lambda: httpx.Response(429, headers={"Retry-After": "900"}), "POST"
    )
    assert await full.upload() == 2
    assert "try again in 900 s" in full.shown


async def test_a_url_that_ran_out_is_changed_for_a_new_one(
    full: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a batch waited for longer than its URLs live."""
    real = client._issued
    monkeypatch.setattr(client, "_issued", lambda item, at: _aged_once(real(item, at), aged))
    aged: set[str] = set()
    assert await full.upload() == 0
    assert len(aged) == len(BODIES)
    assert full.wires.media.count("POST", "/upload-urls") == 1 + len(BODIES)
    assert full.wires.objects.count("PUT") == len(await full.held()) == len(BODIES)


def _aged_once(issued: client.Issued, aged: set[str]) -> client.Issued:
    if isinstance(issued, client.Ticket) and issued.photo_id not in aged:
        aged.add(issued.photo_id)
        return replace(issued, issued_at=issued.issued_at - client.FRESH_S)
    return issued


async def test_the_session_is_renewed_once_however_many_ask(
    full: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "RENEW_BEFORE_S", 10_000.0)
    assert await full.upload() == 0
    calls = full.wires.backoffice.calls
    assert calls[0] == "POST /v1/auth/login"
    assert set(calls[1:]) == {"POST /v1/auth/refresh"}


async def test_a_token_that_is_no_longer_taken_is_renewed(full: Desk) -> None:
    full.wires.media.hook = first_times(1, lambda: httpx.Response(401), "POST", "/complete")
    assert await full.upload() == 0
    assert full.wires.backoffice.calls == ["POST /v1/auth/login", "POST /v1/auth/refresh"]


async def test_a_session_that_cannot_be_renewed_is_opened_again(full: Desk) -> None:
    full.wires.media.hook = first_times(1, lambda: httpx.Response(401), "POST", "/complete")
    full.wires.backoffice.after = first_times(1, lost, "POST", "/refresh")
    assert await full.upload() == 0
    assert full.wires.backoffice.count("POST", "/login") == 2
    assert await full.held() == digests(*BODIES)


async def test_a_file_that_changes_on_the_way_is_not_sent_as_what_it_was(desk: Desk) -> None:
    path = desk.put("a.jpg", picture(1))

    async def write_on(request: httpx.Request) -> None:
        if request.method == "POST" and request.url.path.endswith("/upload-urls"):
            path.write_bytes(picture(2, (900, 700)))

    desk.wires.media.after = write_on
    assert await desk.upload() == 1
    assert dict(desk.report.failures())["a.jpg"].startswith("file_changed")
    assert await desk.held() == []
    desk.wires.media.after = pass_on
    assert await desk.upload() == 0
    assert await desk.held() == digests(picture(2, (900, 700)))


async def test_other_bytes_of_the_same_size_and_time_are_not_sent(desk: Desk) -> None:
    """Clocks of some file systems tick every two seconds."""
    body = picture(1, (1600, 1200))
    path = desk.put("a.jpg", body)
    time_ns = path.stat().st_mtime_ns

    async def write_over(request: httpx.Request) -> None:
        if request.method == "POST" and request.url.path.endswith("/upload-urls"):
            path.write_bytes(body[:-1] + b"\0")
            os.utime(path, ns=(time_ns, time_ns))

    desk.wires.media.after = write_over
    assert await desk.upload() == 1
    assert dict(desk.report.failures())["a.jpg"].startswith("file_changed")
    assert await desk.held() == []
