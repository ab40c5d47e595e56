"""The real parts, started once, and the three services on them."""

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from asgi_lifespan import LifespanManager
from fastapi import FastAPI

from acme_backoffice.app import create_app as create_backoffice
from acme_backoffice.settings import BackofficeSettings
from acme_config.settings import (
    StorageSettings,
    StripeSettings,
    WebhookDeliverySettings,
    WebhookSettings,
)
from acme_core.clock import utc_now
from acme_db import migrations
from acme_jobs.runner import JobRunner
from acme_main.app import create_app as create_main
from acme_main.jobs.webhooks import WebhookJobs
from acme_main.settings import MainSettings, MainWorkerSettings
from acme_main.webhook_worker import plan as plan_webhooks
from acme_main.worker import build_jobs
from acme_main.worker import plan as plan_main
from acme_media.app import create_app as create_media
from acme_media.jobs.context import JobContext
from acme_media.settings import MediaSettings, MediaWorkerSettings
from acme_media.worker import plan_faces, plan_images
from acme_payments.stripe_gateway import StripeGateway
from acme_standalone.postgres import EmbeddedPostgres
from acme_standalone.processes.ports import free_port
from acme_standalone.valkey import EmbeddedValkey
from acme_storage.gateway import ObjectStorage
from acme_web.resources import DataResources
from acme_webhooks.secrets import SecretBox
from acme_webhooks.sending import WebhookSender
from acme_webhooks.targets import TargetPolicy
from tests.services.harness import Api, Jobs, Platform

STRIPE_SECRET = "sk_test_the_tests"
WEBHOOK_SECRET = "whsec_the_tests"
BUCKET = "acme-photos"
WEBHOOK_TIMEOUT_S = 1.0


@pytest.fixture(scope="module", autouse=True)
def only_its_own_jobs() -> None:
    Jobs.since = utc_now()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), is_durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def template(postgres: EmbeddedPostgres) -> str:
    """The name of a database at head, to be copied."""
    migrations.upgrade(postgres.create_database("tests_template"))
    return "tests_template"


@pytest.fixture(scope="session")
def database_url(postgres: EmbeddedPostgres, template: str) -> str:
    return postgres.create_database("tests", template)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with EmbeddedValkey(tmp_path_factory.mktemp("valkey")) as server:
        yield server.url


@pytest.fixture(scope="session")
def object_store_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("objects")
    with serving("acme_standalone.objectstore", folder, "/-/health") as url:
        yield url


@pytest.fixture(scope="session")
def stripe_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with stripe_stand_in(tmp_path_factory.mktemp("stripe")) as url:
        yield url


def stripe_stand_in(folder: Path) -> AbstractContextManager[str]:
    """Its webhooks go nowhere: tests post what they want to be seen."""
    nowhere = ("--webhook-url", f"http://127.0.0.1:{free_port()}/")
    return serving("acme_standalone.stripe_standin", folder, "/-/health", *nowhere)


@pytest.fixture(scope="session")
def rekognition_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("rekognition")
    with serving("acme_standalone.rekognition_standin", folder, "/-/health") as url:
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
        "TOTP_SECRET": "the-tests-other-secret-of-32-bytes",
        "WEBHOOK_SECRET": "the-tests-third-secret-of-32-bytes",
        "RECEIPT_SIGNING_KEY": "dGhlIHRlc3RzJyBrZXkgb2YgdGhpcnR5LXR3byBieXQ",
        "BCRYPT_ROUNDS": "4",
        "STRIPE_SECRET_KEY": STRIPE_SECRET,
        "STRIPE_PUBLISHABLE_KEY": "pk_test_the_tests",
        "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "REKOGNITION_ENDPOINT_URL": "http://127.0.0.1:1",  # no test calls AWS, not even by mistake
        "AWS_ACCESS_KEY_ID": "the-tests-access-key",
        "AWS_SECRET_ACCESS_KEY": "the-tests-secret-access-key",
        "DIGEST_QUIET_S": "0",
        # All tests come from one address; what is limited is tried in tests/attacks.
        **dict.fromkeys(("LOGIN_FAILURES_PER_ADDRESS", "LOGIN_FAILURES_PER_ACCOUNT"), "off"),
        **dict.fromkeys(("RESETS_PER_ADDRESS", "RESETS_PER_ACCOUNT", "REGISTRATIONS_PER_ADDRESS"), "off"),
        **dict.fromkeys(("JOINS_PER_ACCOUNT", "SELFIES_PER_ACCOUNT", "SELFIES_PER_EVENT"), "off"),
        "MAILBOX_DIR": str(tmp_path_factory.mktemp("mailbox")),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in fixed.items():
            patch.setenv(name, value)
        yield


class serving:  # noqa: N801 - used as a function
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


@pytest.fixture(scope="session")
async def platform(
    database_url: str, redis_url: str, object_store_url: str, stripe_url: str
) -> AsyncIterator[Platform]:
    async with running_platform(database_url, redis_url, object_store_url, stripe_url) as platform:
        yield platform


@asynccontextmanager
async def running_platform(
    database_url: str, redis_url: str, object_store_url: str, stripe_url: str
) -> AsyncIterator[Platform]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", database_url)
        patch.setenv("REDIS_URL", redis_url)
        patch.setenv("S3_ENDPOINT_URL", object_store_url)
        patch.setenv("STRIPE_API_BASE", stripe_url)
        await ObjectStorage(StorageSettings()).ensure_bucket(["http://localhost:4001"])
        apps = {
            "backoffice": create_backoffice(BackofficeSettings()),
            "main": create_main(MainSettings()),
            "media": create_media(MediaSettings()),
        }
        async with (
            LifespanManager(apps["backoffice"]),
            LifespanManager(apps["main"]),
            LifespanManager(apps["media"]),
            StripeGateway(StripeSettings()) as gateway,
            WebhookSender(TargetPolicy(is_open=True), WEBHOOK_TIMEOUT_S, concurrency=5) as sender,
        ):
            data: DataResources = apps["main"].state.data
            storage: ObjectStorage = apps["main"].state.storage
            context = JobContext(data.sessions, storage, MediaSettings().uploads, data.redis)
            worker_settings, main_worker = MediaWorkerSettings(), MainWorkerSettings()
            main_jobs = build_jobs(main_worker, data.sessions, gateway, storage)
            plans = [
                plan_images(worker_settings, context),
                plan_faces(worker_settings, context),
                plan_main(main_jobs),
                plan_webhooks(_webhook_jobs(data, sender), concurrency=5),
            ]
            periodic = {item.name: item for plan in plans for item in plan.periodic}
            handlers = {str(item.contract.name): item for plan in plans for item in plan.handlers}
            yield Platform(
                backoffice=_api(apps["backoffice"]),
                main=_api(apps["main"]),
                media=_api(apps["media"]),
                storage=storage,
                data=data,
                jobs=Jobs(data.sessions, JobRunner(data.sessions, handlers, "tests"), periodic),
                apps=apps,
            )


def _webhook_jobs(data: DataResources, sender: WebhookSender) -> WebhookJobs:
    return WebhookJobs(data.sessions, sender, SecretBox(WebhookSettings()), WebhookDeliverySettings())


def _api(app: FastAPI) -> Api:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return Api(httpx.AsyncClient(transport=transport, base_url="http://testserver"))
