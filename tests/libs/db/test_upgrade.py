"""Data of the first schema come through every migration, and nothing is broken afterwards."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from acme_config.settings import StorageSettings
from acme_db import migrations
from acme_standalone.postgres import EmbeddedPostgres
from acme_standalone.verify.objects import NAMED
from acme_standalone.verify.run import check_everything
from acme_storage.gateway import ObjectStorage
from tests.conftest import stripe_stand_in

DATA = Path(__file__).with_name("data_of_0001.sql")
BUCKET = "upgraded"


@pytest.fixture
def old(postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database of the first schema with an event in it."""
    name = f"old_{uuid4().hex}"
    url = postgres.create_database(name)
    migrations.upgrade(url, "0001")
    asyncio.run(_fill(url))
    monkeypatch.setenv("DATABASE_URL", url)
    yield url
    postgres.drop_database(name)


@pytest.fixture
def own_stripe_url(tmp_path: Path) -> Iterator[str]:
    """Each payment that it knows must be one of this database's."""
    with stripe_stand_in(tmp_path / "stripe") as url:
        yield url


async def _fill(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(DATA.read_text())
    await connection.close()


async def _counts(url: str) -> dict[str, int]:
    connection = await asyncpg.connect(url)
    tables = await connection.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
    )
    names = [row["tablename"] for row in tables]
    counts = {name: await connection.fetchval(f'SELECT count(*) FROM "{name}"') for name in names}
    await connection.close()
    return counts


def test_the_old_event_has_something_in_every_table(old: str) -> None:
    assert [table for table, count in asyncio.run(_counts(old)).items() if not count] == []


def test_no_row_is_lost_and_nothing_is_broken_by_the_way_to_the_newest_schema(
    old: str, redis_url: str, object_store_url: str, own_stripe_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("S3_ENDPOINT_URL", object_store_url)
    monkeypatch.setenv("S3_BUCKET", BUCKET)
    monkeypatch.setenv("STRIPE_API_BASE", own_stripe_url)
    before = asyncio.run(_counts(old))
    migrations.upgrade(old)
    migrations.check(old)
    after = asyncio.run(_counts(old))
    assert {table: after.get(table) for table in before} == before
    asyncio.run(_store_files(old))
    findings = asyncio.run(check_everything(timedelta(days=1)))
    assert [(finding.promise, finding.examples) for finding in findings if finding.broken] == []


async def _known_columns(url: str, table: str) -> set[str]:
    """That the planner has statistics of."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("SELECT attname FROM pg_stats WHERE tablename = $1", table)
    await connection.close()
    return {row["attname"] for row in rows}


def test_the_planner_knows_what_new_columns_hold(old: str) -> None:
    assert asyncio.run(_known_columns(old, "photos")) == set()
    migrations.upgrade(old)
    assert {"withheld_at", "status"} <= asyncio.run(_known_columns(old, "photos"))
    assert "photo_uploaded_at" in asyncio.run(_known_columns(old, "photo_tags"))


async def test_figures_that_were_kept_before_are_in_the_totals(old: str) -> None:
    await asyncio.to_thread(migrations.upgrade, old, "0025")
    connection = await asyncpg.connect(old)
    await connection.execute(
        "INSERT INTO figures (project_id, kind, starts_at, subject_id, label, value)"
        " SELECT id, 'photos', '2026-06-20'::timestamptz + n * interval '1 hour', id, 'ready', n"
        " FROM projects, generate_series(1, 4) n"
    )
    await asyncio.to_thread(migrations.upgrade, old)
    totals = await connection.fetch("SELECT DISTINCT kind, label, value FROM figure_totals")
    assert [tuple(row) for row in totals] == [("photos", "ready", 10)]
    await connection.close()


async def _store_files(url: str) -> None:
    """What the rows name; the keys are those that the rows had in the first schema."""
    storage = ObjectStorage(StorageSettings())
    await storage.ensure_bucket(["http://localhost:4001"])
    connection = await asyncpg.connect(url)
    keys = [key for (key,) in await connection.fetch(NAMED) if key is not None]
    await connection.close()
    assert len(keys) > 20
    for key in keys:
        await storage.write(key, b"an object", "image/jpeg")
