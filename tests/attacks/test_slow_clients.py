"""Clients that are slow, or never end their headers, on a real server of ours."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import pytest
import uvicorn
from fastapi import FastAPI, Request

from acme_web import slow_clients
from acme_web.slow_clients import HEAD_BYTES, BoundedProtocol

HEAD_S, BODY_S = 0.4, 0.8
RESET = b"reset"


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(slow_clients, "HEAD_WITHIN_S", HEAD_S)
    monkeypatch.setattr(slow_clients, "BODY_WITHIN_S", BODY_S)
    app, listening = FastAPI(), socket.create_server(("127.0.0.1", 0))

    @app.post("/")
    async def count(request: Request) -> int:
        return len(await request.body())

    @app.get("/slow")
    async def slow() -> str:
        await asyncio.sleep(2 * BODY_S)
        return "done"

    config = uvicorn.Config(app, http=BoundedProtocol, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    yield listening.getsockname()[1]
    server.should_exit = True
    await serving


async def spoken(port: int, *parts: bytes, pause: float = 0.0) -> tuple[bytes, float]:
    """What was answered until the server hung up, and how long that took."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.monotonic()
    answer = asyncio.create_task(reader.read())
    for part in parts:
        if answer.done():
            break
        writer.write(part)
        await asyncio.sleep(pause)
    try:
        said = await asyncio.wait_for(answer, 10)
    except ConnectionResetError:
        said = RESET  # it hung up with bytes of ours unread
    writer.close()
    return said, time.monotonic() - began


def post(body: bytes, *headers: bytes) -> bytes:
    lines = [b"POST / HTTP/1.1", b"Host: x", b"Connection: close", *headers]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", b""])


async def test_who_says_nothing_is_not_waited_for(port: int) -> None:
    said, took = await spoken(port)
    assert said == b""
    assert HEAD_S * 0.8 <= took < HEAD_S * 5


async def test_headers_that_drip_in_are_not_waited_for(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\n"
    drops = [b"X-%d: y\r\n" % number for number in range(200)]
    said, took = await spoken(port, head, *drops, pause=0.05)
    assert said == b""
    assert took < HEAD_S * 5


async def test_a_body_that_drips_in_is_not_waited_for(port: int) -> None:
    head = post(b"x" * 1000)
    said, took = await spoken(port, head, *([b"x"] * 200), pause=0.05)
    assert b" 200 " not in said
    assert BODY_S * 0.8 <= took < BODY_S * 5


async def test_a_second_request_has_its_own_time(port: int) -> None:
    first = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx"
    said, took = await spoken(port, first, b"POST / HT", pause=0.1)
    assert said.count(b" 200 ") == 1
    assert took < HEAD_S * 5


async def test_a_slow_answer_is_ours_to_give(port: int) -> None:
    said, took = await spoken(port, b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert b" 200 " in said
    assert took >= BODY_S * 1.5


@pytest.mark.parametrize("pause", [0.0, 0.001])
@pytest.mark.parametrize("kind", ["one endless header", "many headers", "an endless line"])
async def test_a_head_without_an_end_is_refused(port: int, kind: str, pause: float) -> None:
    chunk = 8_192
    filler = {
        "one endless header": [b"X-Long: ", *[b"x" * chunk] * 6],
        "many headers": [b"X-A: " + b"y" * (chunk - 10) + b"\r\n"] * 6,
        "an endless line": [b"x" * chunk] * 6,
    }[kind]
    start = b"POST /" if kind == "an endless line" else b"POST / HTTP/1.1\r\nHost: x\r\n"
    said, _ = await spoken(port, start, *filler, b"\r\n\r\n", pause=pause)
    assert said == RESET or said.startswith(b"HTTP/1.1 400 ")


async def test_large_but_honest_headers_pass(port: int) -> None:
    said, _ = await spoken(port, post(b"abc", b"X-Cookie: " + b"y" * (HEAD_BYTES // 2)), b"abc")
    assert b" 200 " in said
    assert said.endswith(b"3")
