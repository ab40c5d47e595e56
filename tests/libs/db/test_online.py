"""Indexes that are built beside the traffic, by migrations of their own."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from acme_db import migrations
from acme_standalone.postgres import EmbeddedPostgres

MIGRATION = """
from acme_db.online import create_index_online, drop_index_online

revision = "online"
down_revision = "{head}"
branch_labels = depends_on = None


def upgrade() -> None:
    create_index_online("uq_coaches_name", "project_coaches", ["name"], unique=True)


def downgrade() -> None:
    drop_index_online("uq_coaches_name")
"""


@pytest.fixture
def database(
    postgres: EmbeddedPostgres, template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """At head, where one migration more would build an index."""
    head = migrations.head()
    shutil.copytree(migrations.migrations_dir(), tmp_path / "alembic")
    (tmp_path / "alembic" / "versions" / "online.py").write_text(MIGRATION.format(head=head))
    monkeypatch.setenv("ACME_MIGRATIONS_DIR", str(tmp_path / "alembic"))
    name = f"online_{uuid4().hex}"
    yield postgres.create_database(name, template)
    postgres.drop_database(name)


async def _coaches(url: str, *names: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(
        "INSERT INTO operators (id, name, email, password_hash, currency, locale, timezone) "
        "VALUES ('00000000-0000-4000-8000-000000000001', 'O', 'o@example.com', 'x', 'EUR', 'de', 'UTC') "
        "ON CONFLICT DO NOTHING"
    )
    await connection.execute(
        "INSERT INTO projects (id, operator_id, name) "
        "VALUES ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', 'P') "
        "ON CONFLICT DO NOTHING"
    )
    for name in names:
        await connection.execute(
            "INSERT INTO project_coaches (project_id, name) "
            "VALUES ('00000000-0000-4000-8000-000000000002', $1)",
            name,
        )
    await connection.close()


async def _is_valid(url: str) -> bool | None:
    connection = await asyncpg.connect(url)
    valid: bool | None = await connection.fetchval(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('uq_coaches_name')"
    )
    await connection.close()
    return valid


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


def test_what_an_interrupted_build_left_behind_is_replaced(database: str) -> None:
    asyncio.run(_coaches(database, "Kim", "Kim"))
    with pytest.raises(Exception, match="could not create unique index"):
        migrations.upgrade(database)
    assert asyncio.run(_is_valid(database)) is False
    asyncio.run(_execute(database, "DELETE FROM project_coaches"))
    migrations.upgrade(database)
    assert asyncio.run(_is_valid(database)) is True
    migrations.downgrade(database, "-1")
    assert asyncio.run(_is_valid(database)) is None


def test_writers_go_on_while_it_is_built(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An open transaction holds it up, longer than migrations wait for a lock; others write meanwhile."""
    monkeypatch.setenv("MIGRATION_LOCK_TIMEOUT_S", "0.2")
    monkeypatch.setenv("MIGRATION_STATEMENT_TIMEOUT_S", "0.4")
    building = threading.Thread(target=migrations.upgrade, args=(database,))
    asyncio.run(_write_beside(database, building))
    building.join(30)
    assert asyncio.run(_is_valid(database)) is True


async def _write_beside(url: str, building: threading.Thread) -> None:
    await _coaches(url, "first")
    open_one = await asyncpg.connect(url)
    transaction = open_one.transaction()
    await transaction.start()
    await open_one.execute("UPDATE project_coaches SET name = 'renamed'")
    building.start()
    while await _is_valid(url) is None:  # noqa: ASYNC110 - nobody tells of a build that has begun
        await asyncio.sleep(0.05)
    await asyncio.wait_for(_coaches(url, "second"), 2)
    await asyncio.sleep(0.6)
    assert await _is_valid(url) is False
    await transaction.commit()
    await open_one.close()
