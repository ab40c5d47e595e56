"""An operator's own software, as far as webhooks are concerned: listens, verifies, answers as it is told."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass(frozen=True)
class Received:
    headers: Mapping[str, str]
    body: str

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told

    def verify(self, secret: str) -> None:
        """By the specification's own library. Raises when the signature is not good."""
        Webhook(secret).verify(self.body, dict(self.headers))


@dataclass
class Receiver:
    url: str
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    wait_s: float = 0.0
    received: list[Received] = field(default_factory=list)

    @property
    def events(self) -> list[str]:
        return [item.told["type"] for item in self.received]


@contextmanager
def listening() -> Iterator[Receiver]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
    server.receiver = receiver  # type: ignore[attr-defined] # the handler finds it there
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined] # set above
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        receiver.received.append(Received({name.lower(): text for name, text in self.headers.items()}, body))
        time.sleep(receiver.wait_s)
        self.send_response(receiver.status)
        for name, text in receiver.headers.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(receiver.body)))
        self.end_headers()
        self.wfile.write(receiver.body)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests say what matters."""
