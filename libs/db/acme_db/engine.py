from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from acme_config.settings import DatabaseSettings
from acme_db.traced import trace_statements
from acme_telemetry import spans

CONNECT_S = 10.0
ANSWER_MARGIN_S = 5.0
"""A server that is there ends a statement itself, by its own time-out; one that hangs gets so much more."""

SessionFactory = async_sessionmaker[AsyncSession]


def create_engine(settings: DatabaseSettings, *, application_name: str) -> AsyncEngine:
    """An engine that connects on first use, not here."""
    url = make_url(settings.url.get_secret_value()).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(
        url,
        pool_size=settings.pool_size,
        max_overflow=0,  # an overflowing connection is closed when given back: a login for each request
        hide_parameters=True,  # an error's text ends in a log, and parameters are people's data
        connect_args={
            "timeout": CONNECT_S,
            "command_timeout": settings.statement_timeout_s + ANSWER_MARGIN_S,
            "server_settings": {
                "application_name": application_name,
                "statement_timeout": str(settings.statement_timeout_s * 1000),
                "timezone": "UTC",
            },
        },
    )
    event.listen(engine.sync_engine, "checkout", _replace_closed)
    if spans.is_on():
        trace_statements(engine.sync_engine)
    return engine


def _replace_closed(connection: Any, *_: object) -> None:
    """Instead of `pool_pre_ping`, whose three round trips (BEGIN, ";", ROLLBACK) cost more than most queries.

    asyncpg hears at once when the server ends a connection, and the pool then opens another.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def create_session_factory(engine: AsyncEngine) -> SessionFactory:
    return async_sessionmaker(engine, expire_on_commit=False, autoflush=True)
