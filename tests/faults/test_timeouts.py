"""Every call that leaves a process ends, whoever does not answer it: one line for each way out."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from pydantic import SecretStr
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from acme_config.settings import (
    DatabaseSettings,
    FaceSettings,
    MailSettings,
    MailTransport,
    RateLimitSettings,
    RedisSettings,
    StorageSettings,
    StripeSettings,
    UploadSettings,
)
from acme_db.engine import create_engine, create_replica_engine
from acme_jobs.queue import connect_queue
from acme_mail.mailer import Mail, MailUnavailable
from acme_mail.resend import ResendMailer
from acme_media.faces.engine import TransientFaceError
from acme_media.jobs.context import JobContext
from acme_media.worker import build_provider
from acme_payments.gateway import PaymentsUnavailable
from acme_payments.stripe_gateway import StripeGateway
from acme_storage.gateway import ObjectStorage, StorageUnavailable
from acme_web.rate_limits import Limited, open_limits
from tests.faults.proxy import Fault, Proxy
from tests.services.harness import Platform

SILENT = Fault("hangs", hangs=True)
SHORT_TIMES = {
    "acme_storage.gateway.CONNECT_S": 0.3,
    "acme_storage.gateway.ANSWER_S": 0.3,
    "acme_storage.gateway.TRIES": 1,
    "acme_payments.stripe_gateway.TIMEOUT_S": 0.3,
    "acme_mail.resend.TIMEOUT_S": 0.3,
    "acme_media.worker.PROVIDER_CONNECT_S": 0.3,
    "acme_media.worker.PROVIDER_ANSWER_S": 0.3,
    "acme_jobs.queue.ANSWER_WITHIN_S": 0.5,
    "acme_db.engine.CONNECT_S": 0.5,
    "acme_db.engine.ANSWER_MARGIN_S": -0.5,
}
"""The database's server is given a second for a statement, and half of one is waited for its answer."""
ENDS_WITHIN_S = 8.0
"""Stripe's client tries three times, with pauses of its own."""

Call = Callable[[], Awaitable[object]]


@asynccontextmanager
async def storage(url: str, _: Platform) -> AsyncIterator[Call]:
    store = ObjectStorage(StorageSettings(S3_ENDPOINT_URL=url))
    yield lambda: store.read("nothing")


@asynccontextmanager
async def payments(url: str, _: Platform) -> AsyncIterator[Call]:
    async with StripeGateway(StripeSettings(STRIPE_API_BASE=url)) as gateway:
        yield lambda: gateway.retrieve_intent("pi_1")


@asynccontextmanager
async def faces(url: str, platform: Platform) -> AsyncIterator[Call]:
    context = JobContext(platform.data.sessions, platform.storage, UploadSettings())
    engine = build_provider(FaceSettings(REKOGNITION_ENDPOINT_URL=url), context)
    yield lambda: engine.enrolled(UUID(int=1))


@asynccontextmanager
async def mail(url: str, _: Platform) -> AsyncIterator[Call]:
    settings = MailSettings(
        MAIL_TRANSPORT=MailTransport.RESEND, RESEND_API_KEY=SecretStr("re_key"), RESEND_API_BASE=url
    )
    yield lambda: ResendMailer(settings).send(Mail("a@example.com", "s", "t", "h", "k"))


@asynccontextmanager
async def queue(url: str, _: Platform) -> AsyncIterator[Call]:
    redis = await connect_queue(RedisSettings(REDIS_URL=SecretStr(url)))
    yield redis.ping
    await redis.aclose()


@asynccontextmanager
async def limits(url: str, _: Platform) -> AsyncIterator[Call]:
    settings = RateLimitSettings(JOINS_PER_ACCOUNT="1/hour")
    async with open_limits(settings, RedisSettings(REDIS_URL=SecretStr(url))) as limits:
        yield lambda: limits.limiter.storage.get(Limited.JOIN)


@asynccontextmanager
async def database(url: str, _: Platform) -> AsyncIterator[Call]:
    settings = DatabaseSettings(DATABASE_URL=SecretStr(url), DATABASE_STATEMENT_TIMEOUT_S=1)
    async with asked(create_engine(settings, application_name="tests")) as ask:
        yield ask


@asynccontextmanager
async def replica(url: str, _: Platform) -> AsyncIterator[Call]:
    settings = DatabaseSettings(
        DATABASE_URL=SecretStr(url), DATABASE_REPLICA_URL=SecretStr(url), DATABASE_STATEMENT_TIMEOUT_S=1
    )
    engine = create_replica_engine(settings, application_name="tests")
    assert engine is not None
    async with asked(engine) as ask:
        yield ask


@asynccontextmanager
async def asked(engine: AsyncEngine) -> AsyncIterator[Call]:
    async def ask() -> None:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    yield ask
    await engine.dispose()


Way = Callable[[str, Platform], AbstractAsyncContextManager[Call]]
WAYS: dict[str, tuple[Way, tuple[type[Exception], ...]]] = {
    "S3_ENDPOINT_URL": (storage, (StorageUnavailable,)),
    "STRIPE_API_BASE": (payments, (PaymentsUnavailable,)),
    "REKOGNITION_ENDPOINT_URL": (faces, (TransientFaceError,)),
    "RESEND_API_BASE": (mail, (MailUnavailable,)),
    "REDIS_URL": (queue, (RedisError,)),
    "REDIS_URL of limits": (limits, (RedisError,)),
    "DATABASE_URL": (database, (TimeoutError, DBAPIError)),
    "DATABASE_REPLICA_URL": (replica, (TimeoutError, DBAPIError)),
}


@pytest.fixture
def targets(
    platform: Platform,
    database_url: str,
    redis_url: str,
    object_store_url: str,
    stripe_url: str,
) -> dict[str, str]:
    anybody = {"REKOGNITION_ENDPOINT_URL": stripe_url, "RESEND_API_BASE": stripe_url}
    own = {"S3_ENDPOINT_URL": object_store_url, "STRIPE_API_BASE": stripe_url}
    return {
        **anybody,
        **own,
        "REDIS_URL": redis_url,
        "DATABASE_URL": database_url,
        "DATABASE_REPLICA_URL": database_url,
    }


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SHORT_TIMES.items():
        monkeypatch.setattr(name, value)


@pytest.mark.parametrize("way", WAYS)
async def test_whoever_is_not_answered_gives_up(
    way: str, platform: Platform, targets: dict[str, str]
) -> None:
    """On a connection that has served already, where there is one, and on a new one."""
    connect, errors = WAYS[way]
    target = urlsplit(targets[way.partition(" ")[0]])
    with Proxy(f"http://{target.hostname}:{target.port}") as proxy:
        address = target._replace(
            netloc=target.netloc.replace(f":{target.port}", f":{urlsplit(proxy.url).port}")
        )
        async with connect(address.geturl(), platform) as call:
            if target.scheme != "http":
                await call()
            proxy.break_with(SILENT)
            for _ in range(2):
                started = time.monotonic()
                with pytest.raises(errors):
                    await call()
                assert time.monotonic() - started < ENDS_WITHIN_S
            proxy.heal()
            if target.scheme != "http":
                await call()


def test_every_address_of_the_settings_has_its_line() -> None:
    """But for those that only browsers and people call."""
    from acme_standalone.settings.environment import settings_defaults

    public = {"BACKOFFICE_WEB_URL", "MAIN_WEB_URL", "BACKOFFICE_API_URL", "MAIN_API_URL", "MEDIA_API_URL"}
    addresses = {name for name, _ in settings_defaults() if name.endswith(("_URL", "_API_BASE"))}
    assert addresses - public == {way for way in WAYS if " " not in way}
