import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.types import Lifespan
from uvicorn.supervisors import Multiprocess

from acme_config.handover import LISTEN_FD
from acme_config.settings import PlatformSettings, ServerSettings
from acme_core.garbage import leave_what_stays
from acme_core.logs import configure_logging
from acme_telemetry.exposition import METRICS_DIR
from acme_web.draining import DrainingProtocol

START_FAILED = 3
"""As uvicorn's own command ends."""

GRACE_S = 10
"""For requests in flight when the process is told to end."""


def serve(create: Callable[[], FastAPI], *, port: int) -> None:
    """Serve until SIGTERM; requests in flight finish. `create` is a module's, and calls `prepared`.

    Processes share one socket. One of them needs no other to look after it.
    """
    server = ServerSettings()
    processes = server.api_workers or os.cpu_count() or 1
    with ExitStack() as stack:
        if processes > 1:
            os.environ[METRICS_DIR] = stack.enter_context(tempfile.TemporaryDirectory())
        config = uvicorn.Config(
            create() if processes == 1 else f"{create.__module__}:{create.__name__}",
            factory=processes > 1,
            workers=processes,
            host=server.host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # the app believes its proxies itself
            timeout_graceful_shutdown=GRACE_S,
            http=DrainingProtocol,
        )
        sockets = [_inherited() or config.bind_socket()]
        if processes > 1:
            Multiprocess(config, sockets).run()
        else:
            _run(uvicorn.Server(config), sockets)


def _run(server: uvicorn.Server, sockets: list[socket.socket]) -> None:
    with suppress(KeyboardInterrupt):  # uvicorn raises again what has ended it, once all is closed
        server.run(sockets)
    if not server.started:
        sys.exit(START_FAILED)


def _inherited() -> socket.socket | None:
    """The port, from whoever started us and keeps it open while we are replaced: nobody is turned away."""
    number = os.environ.pop(LISTEN_FD, None)
    return socket.socket(fileno=int(number)) if number else None


def prepared(create: Callable[[], FastAPI]) -> FastAPI:
    """Logs as the settings say; ends when the process does that started it for its share of the requests.

    What was loaded for the app, and opened as it started, is left alone by the search for garbage.
    """
    platform = PlatformSettings()
    configure_logging(level=platform.log_level, as_json=platform.log_json)
    if multiprocessing.parent_process() is not None:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    app = create()
    app.router.lifespan_context = _left_alone_once_open(app.router.lifespan_context)
    return app


def _left_alone_once_open(lifespan: Lifespan[FastAPI]) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def whole(app: FastAPI) -> AsyncIterator[Any]:
        async with lifespan(app) as state:
            leave_what_stays()
            yield state

    return whole


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 - just asked
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
