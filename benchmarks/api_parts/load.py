"""A load generator that costs little: bytes made beforehand, and of answers only the length is parsed."""

import asyncio
import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import cast

import uvloop

Check = Callable[[bytes, bytes], bool]
"""Is this (head, body) the right answer?"""


@dataclass(frozen=True)
class Call:
    request: bytes
    is_right: Check


@dataclass
class Outcome:
    seconds: float
    cpu_s: float = 0
    """Of the server."""
    beside: float = 0
    """How busy the cores were that the database and the load have, 0 to 1."""
    since: float = 0
    """What was asked before is not counted, but for wrong answers."""
    latencies: list[float] = field(default_factory=list)
    wrong: list[bytes] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def most_per_second(self) -> float:
        """What the database and the load could do for a server that cost nothing."""
        return self.per_second / self.beside

    def ms(self, percent: float) -> float:
        """A percentile of the latencies."""
        found = sorted(self.latencies)
        return found[min(len(found) - 1, int(len(found) * percent / 100))] * 1000


def run_load(port: int, calls: Sequence[Call], *, connections: int, seconds: float) -> Outcome:
    """Each connection sends its next call when its last is answered."""
    return uvloop.run(send_load(port, calls, connections=connections, seconds=seconds))


async def send_load(
    port: int,
    calls: Sequence[Call],
    *,
    connections: int,
    seconds: float,
    warm_up_s: float = 0,
    until: asyncio.Event | None = None,
) -> Outcome:
    """For so long, or until the event; before it, over the same connections, for the warm-up."""
    since = time.perf_counter() + warm_up_s
    outcome, turns, end = Outcome(seconds, since=since), count(), since + seconds
    loop = asyncio.get_running_loop()

    def is_over() -> bool:
        return time.perf_counter() >= end if until is None else until.is_set()

    gc.freeze()
    clients = []
    for _ in range(connections):
        done = loop.create_future()
        _, protocol = await loop.create_connection(
            lambda done=done: _Client(calls, turns, is_over, outcome, done),  # type: ignore[misc] # mypy cannot infer a lambda's default
            "127.0.0.1",
            port,
        )
        clients.append(protocol)
    await asyncio.gather(*(client.done for client in clients))
    return outcome


class _Client(asyncio.Protocol):
    def __init__(
        self,
        calls: Sequence[Call],
        turns: Iterator[int],
        is_over: Callable[[], bool],
        outcome: Outcome,
        done: asyncio.Future[None],
    ) -> None:
        self._calls, self._turns, self._is_over = calls, turns, is_over
        self._outcome, self.done = outcome, done
        self._buffer, self._head_end, self._whole = bytearray(), 0, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is of no class of asyncio
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._whole:
            self._head_end = self._buffer.find(b"\r\n\r\n") + 4
            if self._head_end < 4:
                return
            self._whole = self._head_end + _length(bytes(self._buffer[: self._head_end]))
        if len(self._buffer) >= self._whole:
            self._answered()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self._outcome.wrong.append(f"connection lost: {error}".encode())
            self.done.set_result(None)

    def _answered(self) -> None:
        now = time.perf_counter()
        if self._sent_at >= self._outcome.since:
            self._outcome.latencies.append(now - self._sent_at)
        head, body = bytes(self._buffer[: self._head_end]), bytes(self._buffer[self._head_end :])
        if not self._call.is_right(head, body):
            self._outcome.wrong.append(head + body)
        if self._is_over():
            self.done.set_result(None)
            self._transport.close()
        else:
            self._next()

    def _next(self) -> None:
        self._buffer, self._whole = bytearray(), 0
        self._call = self._calls[next(self._turns) % len(self._calls)]
        self._sent_at = time.perf_counter()
        self._transport.write(self._call.request)


def _length(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.find(b"\r\ncontent-length:")
    assert start >= 0, head
    return int(lowered[start + 17 : lowered.find(b"\r\n", start + 2)])


def get(path: str, token: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def post(path: str, body: bytes, token: str | None = None) -> bytes:
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{bearer}"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
