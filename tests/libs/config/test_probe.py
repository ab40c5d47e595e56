"""What Docker and Kubernetes ask of a container, as they ask it: by a command and its status."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from acme_config.probe import PORTS
from acme_config.settings import ServerSettings, WorkerSettings


class Service(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/health/live" else 404)
        self.end_headers()

    def log_message(self, *said: object) -> None:
        """Nothing."""


class Ill(Service):
    status = 503


@pytest.fixture(params=[Service, Ill])
def service(request: pytest.FixtureRequest) -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), request.param) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def probe(what: str, **environment: str) -> int:
    command = [sys.executable, "-m", "acme_config.probe", what]
    return subprocess.run(
        command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL, check=False
    ).returncode


def test_an_api_is_alive_when_it_says_so(service: HTTPServer) -> None:
    is_well = service.RequestHandlerClass is Service
    assert probe("media", MEDIA_PORT=str(service.server_port)) == (0 if is_well else 1)


def test_an_api_that_does_not_listen_is_not() -> None:
    assert probe("main", MAIN_PORT="1") == 1


def test_a_worker_is_alive_while_its_sign_is_young(tmp_path: Path) -> None:
    sign = tmp_path / "alive"
    assert probe("worker", WORKER_ALIVE_FILE=str(sign)) == 1
    sign.touch()
    assert probe("worker", WORKER_ALIVE_FILE=str(sign)) == 0
    os.utime(sign, (time.time() - 31, time.time() - 31))
    assert probe("worker", WORKER_ALIVE_FILE=str(sign)) == 1


@pytest.mark.parametrize("what", ["worker", "everything"])
def test_what_cannot_be_asked_is_not_taken_for_alive(what: str) -> None:
    assert probe(what, WORKER_ALIVE_FILE="/nonexistent/alive") == 1


def test_its_ports_are_those_of_the_settings() -> None:
    fields = ServerSettings.model_fields
    assert {name: str(fields[f"{name}_port"].default) for name in PORTS} == PORTS
    assert {f"{name.upper()}_PORT" for name in PORTS} <= {
        str(item.validation_alias) for item in fields.values()
    }
    assert WorkerSettings.model_fields["alive_file"].validation_alias == "WORKER_ALIVE_FILE"
