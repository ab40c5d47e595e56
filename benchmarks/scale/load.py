"""Requests over connections that are kept open, with as little of our own work as there can be."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from benchmarks.api_parts.load import Call, get, send_load


@dataclass(frozen=True)
class Answered:
    seconds: float
    status: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Connection:
    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._headers = f"Host: {self._host}\r\nAuthorization: Bearer {token}\r\n\r\n"

    async def __aenter__(self) -> "Connection":
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        return self

    async def __aexit__(self, *error: object) -> None:
        self._writer.close()

    async def get(self, path: str) -> Answered:
        started = time.perf_counter()
        self._writer.write(f"GET {path} HTTP/1.1\r\n{self._headers}".encode())
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        size = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        body = await self._reader.readexactly(size)
        return Answered(time.perf_counter() - started, int(head[9:12]), body)


async def one(url: str, token: str, path: str) -> Answered:
    async with Connection(url, token) as connection:
        return await connection.get(path)


async def many(
    url: str, token: str, path: str, *, connections: int, budget_s: float, warm_up_s: float = 0
) -> list[float]:
    """Seconds of each request after the warm-up; every connection asks again as soon as it is answered."""
    port, calls = urlsplit(url).port or 80, [Call(get(path, token), _is_right)]
    outcome = await send_load(port, calls, connections=connections, seconds=budget_s, warm_up_s=warm_up_s)
    if outcome.wrong:
        raise RuntimeError(f"{path}: {outcome.wrong[0][:300]!r}")
    return outcome.latencies


def _is_right(head: bytes, _: bytes) -> bool:
    return head[9:12] == b"200"


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
