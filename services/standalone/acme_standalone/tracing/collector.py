"""A collector of traces that keeps what it is sent: OTLP over HTTP, in protobuf."""

import base64
import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from acme_standalone.processes.ports import LOOPBACK

Json = dict[str, Any]
_IDS = ("traceId", "spanId", "parentSpanId")


class Collector:
    def __init__(self) -> None:
        self._received: list[Json] = []
        self._lock = threading.Lock()

    def take(self, body: bytes) -> None:
        request = ExportTraceServiceRequest.FromString(body)
        with self._lock:
            self._received += MessageToDict(request)["resourceSpans"]

    def trace(self, trace_id: str) -> Json:
        """In OTLP's JSON, by service: what Jaeger, Tempo and others read from a file."""
        by_service: dict[str, tuple[Json, list[Json]]] = {}
        for received in self._received:
            spans = [_readable(span) for scope in received["scopeSpans"] for span in scope["spans"]]
            mine = [span for span in spans if span["traceId"] == trace_id]
            by_service.setdefault(str(received["resource"]), (received["resource"], []))[1].extend(mine)
        return {
            "resourceSpans": [
                {"resource": resource, "scopeSpans": [{"spans": sorted(spans, key=_start)}]}
                for resource, spans in by_service.values()
                if spans
            ]
        }


@contextmanager
def collecting() -> Iterator[tuple[Collector, str]]:
    """Yields the collector and its address."""
    collector = Collector()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_packed = self.headers.get("Content-Encoding") == "gzip"
            collector.take(gzip.decompress(body) if is_packed else body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Not on the terminal."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Taking)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector, f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _readable(span: Json) -> Json:
    """Protobuf's JSON has bytes in base64; OTLP's has ids in hex."""
    ids = {name: base64.b64decode(span[name]).hex() for name in _IDS if name in span}
    return {**span, **ids}


def _start(span: Json) -> int:
    return int(span["startTimeUnixNano"])
