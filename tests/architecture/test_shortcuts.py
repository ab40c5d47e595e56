"""A shortcut and its declared twin answer alike: each request is sent both ways."""

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from starlette.types import Send

from acme_web import shortcuts
from tests.services.harness import Api, Event, Platform

UPLOADS = "/photographers/me/photos"
CHANGES = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}|\d{8}T\d{6}Z|20\d\d-[^\"]+Z"
)
"""Ids, signatures and times: new ones each time."""
OF_THE_REQUEST = {"x-request-id", "content-length"}


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The statuses that shortcuts have answered."""
    statuses: list[int] = []
    send = shortcuts._send

    async def noted(answer: shortcuts.Answer, out: Send) -> None:
        statuses.append(answer.status)
        await send(answer, out)

    monkeypatch.setattr(shortcuts, "_send", noted)
    return statuses


def told(answer: httpx.Response) -> tuple[int, str, Mapping[str, str]]:
    headers = {name: value for name, value in answer.headers.items() if name not in OF_THE_REQUEST}
    return answer.status_code, CHANGES.sub("*", answer.text), headers


async def list_both_ways(guest: Api, path: str, headers: Mapping[str, str]) -> list[httpx.Response]:
    """The twin ignores what it does not know; the shortcut leaves it alone."""
    longer = f"{path}{'&' if '?' in path else '?'}way=long"
    return [await guest.call("GET", each, headers=headers) for each in (path, longer)]


async def test_lists_are_alike(platform: Platform, taken: list[int]) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    for seed in (610, 611, 612):
        await event.tag(await event.ready_photo(seed), guest)
    taken.clear()
    path = f"/projects/{event.project_id}/photos"
    first = await guest.call("GET", f"{path}?limit=2")
    cursor, etag = first.json()["next_cursor"], first.headers["etag"]
    answered = ["", "?limit=2", f"?limit=2&cursor={cursor}", "?favourite=true", "?unlocked=0", "?cursor="]
    for wish in answered:
        short, long = await list_both_ways(guest, path + wish, {"Origin": "http://localhost:4002"})
        assert (short.status_code, short.content) == (200, long.content)
        assert told(short) == told(long)
    known = await list_both_ways(guest, f"{path}?limit=2", {"If-None-Match": f'W/"x", {etag}'})
    assert told(known[0]) == told(known[1])
    assert known[0].status_code == 304
    assert taken == [200] * (1 + len(answered)) + [304]


async def test_lists_are_refused_alike(platform: Platform, taken: list[int]) -> None:
    event = await platform.new_event()
    guest, stranger = await event.new_member(), await platform.new_guest()
    path = f"/projects/{event.project_id}/photos"
    for wish in ("?limit=0", "?limit=x", "?cursor=no", "?favourite=", "?limit=1&limit=0", "?limit="):
        short, long = await list_both_ways(guest, path + wish, {})
        assert told(short) == told(long)
        assert short.status_code == 422
    nobody = Api(guest.http, None)
    for who, where in (
        (stranger, path),
        (nobody, path),
        (event.operator, path),
        (guest, f"/projects/{uuid4()}/photos"),
    ):
        short, long = await list_both_ways(Api(guest.http, who.token), where, {})
        assert told(short) == told(long)
        assert short.status_code in {401, 404, 422}
    assert taken == []


async def send_both_ways(who: Api, path: str, content: bytes) -> list[httpx.Response]:
    """The shortcut takes one content type, letter by letter."""
    sent = {"Authorization": f"Bearer {who.token}", "Origin": "http://localhost:4001"}
    kinds = ("application/json", "application/json; charset=utf-8")
    return [
        await who.http.post(f"/v1{path}", content=content, headers={**sent, "Content-Type": kind})
        for kind in kinds
    ]


def media_of(event: Event, who: Api) -> Api:
    return event.platform.media.as_({"access_token": who.token})


async def test_uploads_are_issued_alike(platform: Platform, taken: list[int]) -> None:
    event = await platform.new_event()
    file = {"filename": "\u00e9 1.jpg", "content_type": "IMAGE/jpeg", "size_bytes": 9}
    theirs = {"photographer_id": event.photographer.account["id"]}
    held = {**file, "sha256": "Ab" * 32}
    for who, more in ((event.photographer, {}), (event.operator, theirs)):
        to = {"project_id": event.project_id, **more}
        await send_both_ways(
            media_of(event, who), f"{UPLOADS}/upload-url", json.dumps({**to, **held}).encode()
        )
        one = json.dumps({**to, **file}).encode()
        many = json.dumps({**to, "files": [file, {**file, "content_type": "a/b"}, held]}).encode()
        for path, body, status in (("upload-url", one, 201), ("upload-urls", many, 200)):
            short, long = await send_both_ways(media_of(event, who), f"{UPLOADS}/{path}", body)
            assert told(short) == told(long)
            assert short.status_code == status
    assert taken == [201, 201, 200] * 2


WRONG: list[tuple[dict[str, Any], int]] = [
    ({"project_id": str(UUID(int=0))}, 404),
    ({"size_bytes": 10**12}, 413),
    ({"content_type": "a/b"}, 415),
    ({"size_bytes": "9"}, 422),
    ({"filename": "a\nb"}, 422),
    ({"sha256": "12"}, 422),
    ({"more": 1}, 422),
]


@pytest.mark.parametrize(("change", "status"), WRONG, ids=str)
async def test_uploads_are_refused_alike(
    platform: Platform, taken: list[int], change: dict[str, Any], status: int
) -> None:
    event = await platform.new_event()
    body = json.dumps({**event.announced(b"x"), **change}).encode()
    media = media_of(event, event.photographer)
    short, long = await send_both_ways(media, f"{UPLOADS}/upload-url", body)
    assert told(short) == told(long)
    assert (short.status_code, taken) == (status, [])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"null"])
async def test_what_is_no_json_is_refused_alike(platform: Platform, taken: list[int], body: bytes) -> None:
    event = await platform.new_event()
    media = media_of(event, event.photographer)
    for who in (media, media_of(event, await event.new_member())):
        short, long = await send_both_ways(who, f"{UPLOADS}/upload-url", body)
        assert told(short) == told(long)
        assert short.status_code >= 400
    assert taken == []
