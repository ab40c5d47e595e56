"""How counts of several processes come together, and how a worker's get out."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from acme_config.settings import MetricsSettings
from acme_standalone.processes.ports import free_port
from acme_telemetry.exposition import METRICS_DIR, served

COUNTS = """
import sys
from acme_telemetry.exposition import exposition
from acme_telemetry.metrics import EVENT_STREAMS, HTTP_DURATION, HTTP_REQUESTS
HTTP_REQUESTS.labels("GET", "/me", 200).inc(3)
HTTP_DURATION.labels("GET", "/me").observe(0.2)
EVENT_STREAMS.inc(5)
print(exposition().decode() if "--tell" in sys.argv else "")
"""


def count_in_another_process(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", COUNTS, *arguments],
        env={**os.environ, METRICS_DIR: str(folder)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_a_process_that_has_ended_keeps_its_counts_and_loses_its_gauges(tmp_path: Path) -> None:
    count_in_another_process(tmp_path)
    told = count_in_another_process(tmp_path, "--tell")
    assert 'http_requests_total{method="GET",route="/me",status="200"} 6.0' in told
    assert 'http_request_duration_seconds_count{method="GET",route="/me"} 2.0' in told
    assert "acme_event_streams_open 5.0" in told


@pytest.mark.parametrize("path", ["/", "/metrics"])
def test_a_worker_tells_its_metrics_on_a_port_of_its_own(path: str) -> None:
    settings = MetricsSettings().model_copy(update={"port": free_port()})
    with served(settings):
        answer = httpx.get(f"http://127.0.0.1:{settings.port}{path}")
    assert "# TYPE acme_jobs_total counter" in answer.text
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{settings.port}/")


def test_without_a_port_none_is_opened() -> None:
    with served(MetricsSettings().model_copy(update={"port": 0})):
        pass
