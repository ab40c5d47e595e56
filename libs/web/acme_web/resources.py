"""What a running service holds: opened at start, closed at the end."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncEngine

from acme_auth.passwords import PasswordHasher
from acme_auth.tokens import TokenService
from acme_config.settings import DatabaseSettings, PlatformSettings, RedisSettings, TokenSettings
from acme_core.background import beside
from acme_db.engine import SessionFactory, create_engine, create_replica_engine, create_session_factory
from acme_db.pool_gauges import keep_sampling
from acme_db.schema_version import require_head
from acme_events.publisher import PUBLISHER, RedisPublisher
from acme_jobs.outbox import PUSHER
from acme_jobs.queue import ArqQueue, QueueConnection, connect_queue, disconnect


@dataclass(frozen=True)
class DataResources:
    engine: AsyncEngine
    sessions: SessionFactory
    redis: QueueConnection

    @cached_property
    def autocommit(self) -> AsyncEngine:
        """For reads: no BEGIN, no ROLLBACK."""
        return self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @cached_property
    def readers(self) -> SessionFactory:
        """Sessions for reads, likewise."""
        return create_session_factory(self.autocommit)


@dataclass(frozen=True)
class AuthResources:
    settings: TokenSettings
    tokens: TokenService
    passwords: PasswordHasher
    is_public: bool
    """Reached over HTTPS only, so cookies say so, whatever a proxy tells of the request."""


@asynccontextmanager
async def open_data(
    database: DatabaseSettings, redis_settings: RedisSettings, *, name: str, keeps_plans: bool = False
) -> AsyncIterator[DataResources]:
    """Database at head and queue, or an error that says which of them is wrong."""
    engine = create_engine(database, application_name=name, keeps_plans=keeps_plans)
    sessions = create_session_factory(engine)
    try:
        await require_head(engine)
        redis = await connect_queue(redis_settings)
        pusher = ArqQueue(redis, create_session_factory(engine))
        sessions.configure(info={PUSHER: pusher, PUBLISHER: RedisPublisher(redis)})
        try:
            async with beside(keep_sampling(engine, database)):
                yield DataResources(engine, sessions, redis)
        finally:
            await disconnect(redis)
    finally:
        await engine.dispose()


@asynccontextmanager
async def open_replica(
    database: DatabaseSettings, data: DataResources, *, name: str
) -> AsyncIterator[SessionFactory]:
    """Sessions on the read replica; without one, those that everybody has."""
    engine = create_replica_engine(database, application_name=name)
    async with AsyncExitStack() as stack:
        if engine is not None:
            stack.push_async_callback(engine.dispose)
        yield data.sessions if engine is None else create_session_factory(engine)


@asynccontextmanager
async def open_auth(settings: TokenSettings, platform: PlatformSettings) -> AsyncIterator[AuthResources]:
    passwords = PasswordHasher(settings.bcrypt_rounds)
    try:
        is_public = not platform.environment.is_local
        yield AuthResources(settings, TokenService(settings), passwords, is_public)
    finally:
        passwords.close()
