"""`python -m acme_config.probe backoffice|main|media|worker`: is the process in this container alive?

An API answers; a worker has written its sign of life. What they depend on is not asked: were the database
away, a restart would not bring it back. Asked every few seconds, so it reads two variables by itself: the
settings' classes would cost it half a second of CPU each time.
"""

import os
import sys
import time
import urllib.request
from http import HTTPStatus
from pathlib import Path

PORTS = {"backoffice": "3001", "main": "3002", "media": "3003"}
ANSWERS_WITHIN_S = 3.0
BEATS_WITHIN_S = 30.0
"""A worker's sign is renewed every two seconds while its event loop turns."""


def api_answers(port: str) -> bool:
    address = f"http://127.0.0.1:{port}/health/live"
    try:
        with urllib.request.urlopen(address, timeout=ANSWERS_WITHIN_S) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


def worker_beats(sign: Path) -> bool:
    try:
        return time.time() - sign.stat().st_mtime < BEATS_WITHIN_S
    except FileNotFoundError:
        return False


def is_alive(what: str) -> bool:
    """Raises KeyError for what is no process of ours, or leaves no sign."""
    if what == "worker":
        return worker_beats(Path(os.environ["WORKER_ALIVE_FILE"]))
    return api_answers(os.environ.get(f"{what.upper()}_PORT") or PORTS[what])


if __name__ == "__main__":
    raise SystemExit(int(not is_alive(sys.argv[1])))
