"""What reads only has no transaction, and what it changed by mistake is not lost in silence."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from acme_config.settings import DatabaseSettings
from acme_db.engine import SessionFactory, create_engine, create_session_factory
from acme_db.models import Operator
from acme_db.unit_of_work import reading, summing_up, unit_of_work


@pytest.fixture
async def engine(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncEngine]:
    monkeypatch.setenv("DATABASE_URL", database_url)
    made = create_engine(DatabaseSettings(), application_name="tests")
    yield made
    await made.dispose()


@pytest.fixture
def readers(engine: AsyncEngine) -> SessionFactory:
    return create_session_factory(engine.execution_options(isolation_level="AUTOCOMMIT"))


async def test_what_reads_only_is_in_no_transaction(readers: SessionFactory) -> None:
    begun = text("SELECT now()")  # when the transaction began
    async with reading(readers) as session:
        first, second = await session.scalar(begun), await session.scalar(begun)
    assert first != second


async def test_a_reader_gives_its_connection_back_as_it_was(
    engine: AsyncEngine, readers: SessionFactory
) -> None:
    async with reading(readers) as session:
        await session.execute(select(1))
    async with engine.begin() as connection:
        await connection.execute(select(1))
        assert await connection.scalar(text("SELECT now() < statement_timestamp()"))


@pytest.mark.parametrize("opened", [reading, summing_up])
async def test_what_was_to_read_only_may_change_nothing(
    engine: AsyncEngine, readers: SessionFactory, opened: Callable[..., Any]
) -> None:
    async def change() -> None:
        async with opened(readers if opened is reading else create_session_factory(engine)) as session:
            session.add(Operator(name="Nobody"))

    with pytest.raises(RuntimeError, match="changed rows"):
        await change()


async def test_lists_keep_their_plans_and_sums_are_planned_anew(database_url: str) -> None:
    """On the same connection: the one must not leave its way to the other."""
    settings = DatabaseSettings(DATABASE_URL=SecretStr(database_url), DATABASE_POOL_SIZE=1)
    engine = create_engine(settings, application_name="tests", keeps_plans=True)
    planning = text("SELECT current_setting('plan_cache_mode'), pg_backend_pid()")
    ways, connections = [], set()
    for opened in (reading, summing_up, reading, unit_of_work):
        async with opened(create_session_factory(engine)) as session:
            way, connection = (await session.execute(planning)).one()
        ways.append(way)
        connections.add(connection)
    await engine.dispose()
    kept, anew = "force_generic_plan", "force_custom_plan"
    assert (ways, len(connections)) == ([kept, anew, kept, kept], 1)
