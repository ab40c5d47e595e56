"""An update in the middle of an event: each process is replaced in its turn, and nobody notices.

Everybody asks without a pause; not one answer may be missing, or be an error of the platform's.
"""

import signal
import time
from collections.abc import Iterator

import psutil
import pytest

from tests.e2e.running import Running
from tests.faults.faults import VICTIMS, find
from tests.faults.storm import Storm, client
from tests.faults.test_storm import verify

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

REPLACED = (
    "backoffice API",
    "main API",
    "media API",
    "images worker",
    "faces worker",
    "main worker",
    "relay",
)
WARMING_UP_S = 2.0
UP_AGAIN_S = 60.0
PATIENCE_S = 120.0
"""Of everybody: on a busy machine a process takes its time to start, and whoever asks it waits for it."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    platform = Running(tmp_path_factory.mktemp("rolling") / "data")
    platform.settings()
    yield platform
    platform.stop()


def replace(running: Running, mark: str) -> None:
    """Asks one process to stop, and waits for the next one to be at work."""
    old = find(running, mark)
    assert old is not None
    old.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + UP_AGAIN_S
    while (new := _other(running, mark, old)) is None or new.cpu_times().user < 0.5:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _other(running: Running, mark: str, old: psutil.Process) -> psutil.Process | None:
    found = find(running, mark)
    return None if found is None or found.pid == old.pid else found


def test_a_rolling_restart_under_load_fails_no_request_and_loses_no_job(
    running: Running, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with client(PATIENCE_S) as http:
        storm = Storm(running, tmp_path_factory.mktemp("selfies"), http)
        storm.set_up()
        with storm.going_on():
            time.sleep(WARMING_UP_S)
            for name in REPLACED:
                replace(running, VICTIMS[name])
            time.sleep(WARMING_UP_S)
        assert dict(storm.ledger.lost_answers) == {}
        assert storm.ledger.complaints == []
        storm.settle()
        assert storm.ledger.acknowledged > 5
        assert (storm.lost(), storm.wrong_matches(), storm.ledger.wrong_access) == ([], [], [])
    assert [finding for finding in verify(running) if finding["broken"]] == []
