"""The real parts, started once: PostgreSQL, Valkey, the object store and the Stripe stand-in."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from acme_db import migrations
from acme_standalone.postgres import EmbeddedPostgres
from acme_standalone.processes.ports import free_port
from acme_standalone.valkey import EmbeddedValkey

STRIPE_SECRET = "sk_test_the_tests"
WEBHOOK_SECRET = "whsec_the_tests"
BUCKET = "acme-photos"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), is_durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def database_url(postgres: EmbeddedPostgres) -> str:
    """A database at head."""
    url = postgres.create_database("tests")
    migrations.upgrade(url)
    return url


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with EmbeddedValkey(tmp_path_factory.mktemp("valkey")) as server:
        yield server.url


@pytest.fixture(scope="session")
def object_store_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("objects")
    with _serving("acme_standalone.objectstore", folder, "/-/health") as url:
        yield url


@pytest.fixture(scope="session")
def stripe_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its webhooks go nowhere: tests post what they want to be seen."""
    folder = tmp_path_factory.mktemp("stripe")
    nowhere = ("--webhook-url", f"http://127.0.0.1:{free_port()}/")
    with _serving("acme_standalone.stripe_standin", folder, "/-/health", *nowhere) as url:
        yield url


@pytest.fixture(scope="session", autouse=True)
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What every process of the tests is told; the parts add their own addresses when they are asked for."""
    fixed = {
        "ACME_ENV": "test",
        "S3_ACCESS_KEY_ID": "the-tests-access-key",
        "S3_SECRET_ACCESS_KEY": "the-tests-secret-access-key",
        "S3_BUCKET": BUCKET,
        "JWT_SECRET": "the-tests-secret-of-more-than-32-bytes",
        "BCRYPT_ROUNDS": "4",
        "STRIPE_SECRET_KEY": STRIPE_SECRET,
        "STRIPE_PUBLISHABLE_KEY": "pk_test_the_tests",
        "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "MAILBOX_DIR": str(tmp_path_factory.mktemp("mailbox")),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in fixed.items():
            patch.setenv(name, value)
        yield


class _serving:  # noqa: N801 - used as a function
    """A stand-in as a process of its own, ended by its own id."""

    def __init__(self, module: str, folder: Path, health: str, *more: str) -> None:
        self._port = free_port()
        self._health = health
        self._command = [sys.executable, "-m", module, "--data-dir", str(folder)]
        self._command += ["--host", "127.0.0.1", "--port", str(self._port), *more]

    def __enter__(self) -> str:
        self._process = subprocess.Popen(self._command, env=dict(os.environ), stderr=subprocess.DEVNULL)
        url = f"http://127.0.0.1:{self._port}"
        deadline = time.monotonic() + 30
        while True:
            try:
                httpx.get(url + self._health).raise_for_status()
            except httpx.HTTPError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return url

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        self._process.wait(20)
