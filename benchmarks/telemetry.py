"""What counting and tracing cost a guest's photo list: CPU of the server for each answer, side by side."""

import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median

from benchmarks.api import photo_paths
from benchmarks.api_parts.load import Call, get
from benchmarks.api_parts.report import CONNECTIONS
from benchmarks.api_parts.servers import SERVER_CORE, Server, ours, running_parts

ROUNDS, SECONDS = 7, 2.5
BARE = "benchmarks.api_parts.bare"


def main() -> None:
    with running_parts() as (world, folder), collecting() as collector, ExitStack() as stack:
        tracing = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector}
        servers = [
            Server("nothing", [sys.executable, "-m", BARE], folder, env={"MAIN_PORT": "{port}"}),
            ours("main", folder, "metrics"),
            ours("main", folder, "traces-0", **tracing, TRACE_SAMPLE_RATIO="0"),
            ours("main", folder, "traces-1pc", **tracing, TRACE_SAMPLE_RATIO="0.01"),
            ours("main", folder, "traces-all", **tracing),
        ]
        for server in servers:
            stack.enter_context(server).pin(SERVER_CORE)
        calls = [Call(get(*key), is_right) for key in photo_paths(world, servers[0])]
        costs: dict[str, list[float]] = {server.name: [] for server in servers}
        for number in range(ROUNDS + 1):
            for server in servers:
                outcome = server.loaded(calls, CONNECTIONS, SECONDS if number else 1.0)
                assert not outcome.wrong
                if number:  # the first round is for warming up
                    costs[server.name].append(outcome.cpu_s / len(outcome.latencies) * 1e6)
        tell(costs)


def is_right(head: bytes, _: bytes) -> bool:
    return head.startswith(b"HTTP/1.1 200")


@contextmanager
def collecting() -> Iterator[str]:
    """Takes what it is sent, and does nothing with it."""

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Not on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def tell(costs: dict[str, list[float]]) -> None:
    least = median(costs["nothing"])
    print(f"CPU us for each photo list, median of {ROUNDS} rounds of {SECONDS} s, {CONNECTIONS} connections")
    for name, each in costs.items():
        spread = f"{min(each):.0f} to {max(each):.0f}"
        print(f"  {name:<12} {median(each):8.1f}   {spread:>14}   {median(each) - least:+7.1f}")


if __name__ == "__main__":
    main()
