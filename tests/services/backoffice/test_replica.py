"""Analytics are asked of the read replica, where one is named; everything else is not."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from asgi_lifespan import LifespanManager
from pydantic import SecretStr
from sqlalchemy.exc import DBAPIError

from acme_backoffice.app import create_app
from acme_backoffice.settings import BackofficeSettings
from acme_config.settings import DatabaseSettings
from acme_db.engine import create_replica_engine
from acme_standalone.postgres import EmbeddedPostgres
from tests.services.harness import Api, Platform


@pytest.fixture
def replica_url(postgres: EmbeddedPostgres, template: str) -> str:
    postgres.drop_database("a_replica")
    return postgres.create_database("a_replica", template)


@pytest.fixture
async def reading(
    platform: Platform, replica_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Api]:
    """The backoffice on the tests' database, with another one to read analytics from."""
    monkeypatch.setenv("DATABASE_REPLICA_URL", replica_url)
    app = create_app(BackofficeSettings())
    async with LifespanManager(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            yield Api(client)


async def _copy(platform: Platform, url: str, operator_id: str) -> None:
    """The operator's row, in another currency: whoever tells that one has asked the copy."""
    ((row,),) = await platform.sql(
        "SELECT (to_jsonb(o) || jsonb_build_object('currency', 'SEK'))::text FROM operators o WHERE id = :id",
        id=operator_id,
    )
    connection = await asyncpg.connect(url)
    await connection.execute(
        "INSERT INTO operators SELECT * FROM jsonb_populate_record(NULL::operators, $1::text::jsonb)", row
    )
    await connection.close()


async def test_analytics_tell_what_the_replica_knows(
    platform: Platform, reading: Api, replica_url: str
) -> None:
    operator = await platform.new_operator()
    there = Api(reading.http, operator.token)
    assert (await there.call("GET", "/analytics/summary")).status_code == 404
    await _copy(platform, replica_url, operator.account["id"])
    assert (await there.get("/analytics/summary"))["currency"] == "SEK"
    assert (await there.get("/analytics/timeseries?metric=photos"))["items"] == []
    assert (await there.call("GET", "/analytics/export.csv")).text.startswith("day,revenue_SEK")
    assert (await there.get("/me"))["currency"] == (await operator.get("/me"))["currency"] != "SEK"


async def test_without_a_replica_analytics_read_where_all_is_written(platform: Platform) -> None:
    operator = await platform.new_operator()
    currency = (await operator.get("/me"))["currency"]
    assert (await operator.get("/analytics/summary"))["currency"] == currency
    assert create_replica_engine(DatabaseSettings(), application_name="tests") is None


async def test_nothing_is_written_through_it_even_where_it_could_be(replica_url: str) -> None:
    settings = DatabaseSettings(DATABASE_REPLICA_URL=SecretStr(replica_url))
    engine = create_replica_engine(settings, application_name="tests")
    assert engine is not None
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError, match="read-only transaction"):
            await connection.exec_driver_sql("DELETE FROM operators")
    await engine.dispose()
