from typing import Any

from pydantic import SecretStr
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


def create_engine(
    settings: DatabaseSettings, *, application_name: str, keeps_plans: bool = False
) -> AsyncEngine:
    """An engine that connects on first use, not here.

    `keeps_plans`: each connection plans a statement once, for all values. PostgreSQL would plan it anew each
    time (0.5 to 1.5 ms where it joins) for as long as plans for the values at hand look cheaper, which for
    whoever has more than others they always do. A test explains the APIs' statements for all values.
    """
    session = _session_settings(settings, application_name)
    if keeps_plans and not settings.is_pooled:
        session["plan_cache_mode"] = "force_generic_plan"
    return _engine(settings, settings.url, settings.pool_size, session)


def create_replica_engine(settings: DatabaseSettings, *, application_name: str) -> AsyncEngine | None:
    """For what only reads and may be some moments behind; None where there is no replica."""
    if settings.replica_url is None:
        return None
    session = _session_settings(settings, application_name)
    if not settings.is_pooled:
        session["default_transaction_read_only"] = (
            "on"  # also where the address turns out to be the primary's
        )
    return _engine(settings, settings.replica_url, settings.replica_pool_size, session)


def _session_settings(settings: DatabaseSettings, application_name: str) -> dict[str, str]:
    """PgBouncer passes on what PostgreSQL reports back, and refuses the time-out: the role has it there."""
    session = {"application_name": application_name, "timezone": "UTC"}
    if not settings.is_pooled:
        session["statement_timeout"] = str(settings.statement_timeout_s * 1000)
    return session


def _engine(
    settings: DatabaseSettings, address: SecretStr, pool_size: int, session: dict[str, str]
) -> AsyncEngine:
    engine = create_async_engine(
        make_url(address.get_secret_value()).set(drivername="postgresql+asyncpg"),
        pool_size=pool_size,
        max_overflow=0,  # an overflowing connection is closed when given back: a login for each request
        hide_parameters=True,  # an error's text ends in a log, and parameters are people's data
        connect_args={
            "timeout": CONNECT_S,
            "command_timeout": settings.statement_timeout_s + ANSWER_MARGIN_S,
            "server_settings": session,
            **_statements(settings),
        },
    )
    event.listen(engine.sync_engine, "checkout", _replace_closed)
    if spans.is_on():
        trace_statements(engine.sync_engine)
    return engine


def _statements(settings: DatabaseSettings) -> dict[str, Any]:
    """Without names, a statement is parsed in the same breath in which it is run, on whichever connection."""
    if settings.keeps_statements:
        return {}
    unnamed = {"prepared_statement_name_func": lambda: "", "prepared_statement_cache_size": 0}
    return {"statement_cache_size": 0, **unnamed}


def _replace_closed(connection: Any, *_: object) -> None:
    """Instead of `pool_pre_ping`, whose three round trips (BEGIN, ";", ROLLBACK) cost more than most queries.

    asyncpg hears at once when the server ends a connection, and the pool then opens another.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def create_session_factory(engine: AsyncEngine) -> SessionFactory:
    return async_sessionmaker(engine, expire_on_commit=False, autoflush=True)
