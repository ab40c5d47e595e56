"""How what is counted gets out: as Prometheus's text, of one process or of all of one API."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    generate_latest,
    start_http_server,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from acme_config.settings import MetricsSettings

METRICS_DIR = "PROMETHEUS_MULTIPROC_DIR"
"""Where processes of one API write down what they count, so that any of them tells of all."""

CONTENT_TYPE = CONTENT_TYPE_LATEST
_LIVE_GAUGE = re.compile(r"gauge_live\w*_(\d+)\.db")


def exposition() -> bytes:
    return generate_latest(_registry())


def _registry() -> CollectorRegistry:
    folder = os.environ.get(METRICS_DIR)
    if folder is None:
        return REGISTRY
    _forget_the_dead(Path(folder))
    of_all = CollectorRegistry()
    MultiProcessCollector(of_all)  # type: ignore[no-untyped-call] # prometheus_client's own
    return of_all


def _forget_the_dead(folder: Path) -> None:
    """What a process that was replaced held open is open no more; what it has counted stays counted."""
    pids = {int(found[1]) for path in folder.iterdir() if (found := _LIVE_GAUGE.fullmatch(path.name))}
    for pid in pids:
        if not _is_alive(pid):
            with suppress(FileNotFoundError):  # another process of ours has seen it too
                mark_process_dead(pid)  # type: ignore[no-untyped-call] # prometheus_client's own


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def served(settings: MetricsSettings) -> Iterator[None]:
    """For a process that answers no requests: on a port of its own, which only its machine should reach."""
    if settings.port == 0:
        yield
        return
    server, thread = start_http_server(settings.port, settings.host)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
