"""Server-sent events by hand: thousands of connections stay open, and each costs what it holds.

The framework's own answer keeps four tasks and four streams for each, 72 kB with 5,000 open; this one has
two tasks, and takes 42 kB.
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from fastapi.sse import format_sse_event
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from acme_events.hub import Told
from acme_telemetry.metrics import EVENT_STREAMS
from acme_web.middleware import NEVER_ENDS

KEEPALIVE = b": keepalive\n\n"


class EventStream(Response):
    """What is told, as long as the client is there; None keeps the connection open."""

    media_type = "text/event-stream"

    def __init__(self, told: AsyncGenerator[Told | None]) -> None:
        super().__init__(headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[NEVER_ENDS] = True
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        await send(start)
        own = asyncio.current_task()
        assert own is not None  # noqa: S101 - a request is answered in a task
        gone = asyncio.create_task(_gone(receive))
        gone.add_done_callback(lambda done: None if done.cancelled() else own.cancel())
        EVENT_STREAMS.inc()
        try:
            await self._send_all(send)
        except asyncio.CancelledError:
            if not gone.done():
                raise
            own.uncancel()
        finally:
            EVENT_STREAMS.dec()
            gone.cancel()

    async def _send_all(self, send: Send) -> None:
        async with aclosing(self._told) as told:
            async for event in told:
                body = KEEPALIVE if event is None else _written(event)
                await send({"type": "http.response.body", "body": body, "more_body": True})
        with suppress(OSError):
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _written(told: Told) -> bytes:
    return format_sse_event(data_str=json.dumps(told.data), event=told.name, id=told.id or None)
