"""A proxy between the platform and a provider, which makes the network and the provider fail on purpose."""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

CHUNK = 65_536
READS_AT_MOST = 2_000_000
"""Of a request that is refused: a client that is still sending would not hear its answer."""


@dataclass(frozen=True)
class Fault:
    name: str
    delay_s: float = 0.0
    """Before each piece that a client sends is passed on."""
    resets: bool = False
    hangs: bool = False
    """Takes everything, and never answers."""
    answer: bytes = b""
    """Instead of the provider's."""


def refusing(status: str, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Length: 0", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode()


PROVIDER_FAULTS = (
    Fault("slow", delay_s=0.05),
    Fault("connections are reset", resets=True),
    Fault("busy", answer=refusing("429 Too Many Requests", "Retry-After: 1")),
    Fault("errors", answer=refusing("500 Internal Server Error")),
    Fault("hangs", hangs=True),
)


class Proxy:
    """In a thread and a loop of its own: no client of it can hold it up, nor it them."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "", parts.port or 80)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._fault: Fault | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.injected = 0
        """Requests, or pieces of them, that met a fault."""
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        self._server: asyncio.Server = self._run(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *error: object) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def break_with(self, fault: Fault) -> None:
        self._fault = fault

    def heal(self) -> None:
        """Connections that hang stay so: who waits on one has to give it up."""
        self._fault = None

    async def _accept(self, client: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with suppress(
            OSError, asyncio.CancelledError
        ):  # asyncio's own callback reports whoever was cancelled
            provider, request = await asyncio.open_connection(*self._target)
            try:
                await _first_of(self._forward(client, request, answer), _pump(provider, answer))
            finally:
                request.close()
        answer.close()

    async def _forward(
        self, client: asyncio.StreamReader, request: asyncio.StreamWriter, answer: asyncio.StreamWriter
    ) -> None:
        while piece := await client.read(CHUNK):
            if self._fault is not None:
                self.injected += 1
                if await _is_broken(self._fault, client, answer):
                    return
            request.write(piece)
            await request.drain()

    async def _close(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)


async def _is_broken(fault: Fault, client: asyncio.StreamReader, answer: asyncio.StreamWriter) -> bool:
    """True when this connection is of no more use."""
    await asyncio.sleep(fault.delay_s)
    if fault.resets:
        answer.transport.abort()
    elif fault.hangs:
        while await client.read(CHUNK):
            pass
    elif fault.answer:
        answer.write(fault.answer)
        await answer.drain()
        await _hear_out(client)
    return fault.resets or fault.hangs or bool(fault.answer)


async def _hear_out(client: asyncio.StreamReader) -> None:
    heard = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(0.2):
            while heard < READS_AT_MOST and (piece := await client.read(CHUNK)):
                heard += len(piece)


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while piece := await source.read(CHUNK):
        target.write(piece)
        await target.drain()


async def _first_of(*works: Coroutine[Any, Any, None]) -> None:
    """When one direction has ended, so has the other."""
    tasks: list[asyncio.Task[None]] = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
