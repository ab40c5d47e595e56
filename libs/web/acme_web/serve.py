import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Callable
from contextlib import ExitStack

import uvicorn
from fastapi import FastAPI

from acme_config.settings import PlatformSettings, ServerSettings
from acme_core.logs import configure_logging

METRICS_DIR = "PROMETHEUS_MULTIPROC_DIR"
"""Where processes of one API write down what they count, so that any of them tells of all."""

GRACE_S = 10
"""For requests in flight when the process is told to end."""


def serve(create: Callable[[], FastAPI], *, port: int) -> None:
    """Serve until SIGTERM; requests in flight finish. `create` is a module's, and calls `prepared`.

    Processes share one socket. One of them needs no other to look after it.
    """
    server = ServerSettings()
    processes = server.api_workers or os.cpu_count() or 1
    with ExitStack() as stack:
        app: FastAPI | str
        if processes == 1:
            app = create()
        else:
            os.environ[METRICS_DIR] = stack.enter_context(tempfile.TemporaryDirectory())
            app = f"{create.__module__}:{create.__name__}"
        uvicorn.run(
            app,
            factory=processes > 1,
            workers=processes,
            host=server.host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # the app believes its proxies itself
            timeout_graceful_shutdown=GRACE_S,
            h11_max_incomplete_event_size=32_768,
        )


def prepared(create: Callable[[], FastAPI]) -> FastAPI:
    """Logs as the settings say; ends when the process does that started it for its share of the requests."""
    platform = PlatformSettings()
    configure_logging(level=platform.log_level, as_json=platform.log_json)
    if multiprocessing.parent_process() is not None:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    return create()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 - just asked
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
