"""What reads only has no transaction, and what it changed by mistake is not lost in silence."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from acme_config.settings import DatabaseSettings
from acme_db.engine import SessionFactory, create_engine, create_session_factory
from acme_db.models import Operator
from acme_db.unit_of_work import reading


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


async def test_what_was_to_read_only_may_change_nothing(readers: SessionFactory) -> None:
    async def change() -> None:
        async with reading(readers) as session:
            session.add(Operator(name="Nobody"))

    with pytest.raises(RuntimeError, match="changed rows"):
        await change()
