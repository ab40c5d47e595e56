import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from acme_config.settings import DatabaseSettings
from acme_db import migrations
from acme_db.engine import create_engine
from acme_db.schema_version import SchemaNotAtHead, pending, require_head
from acme_standalone.postgres import EmbeddedPostgres

# Column -> (type, may be null), as the specification has them.
SPECIFIED: dict[str, dict[str, tuple[str, bool]]] = {
    "users": {
        "id": ("uuid", False),
        "name": ("character varying(255)", False),
        "email": ("character varying(255)", False),
        "password_hash": ("text", False),
        "address": ("text", True),
        "billing_address": ("text", True),
        "created_at": ("timestamp with time zone", False),
    },
    "operators": {
        "id": ("uuid", False),
        "name": ("character varying(255)", False),
        "email": ("character varying(255)", False),
        "password_hash": ("text", False),
        "currency": ("character varying(3)", False),
        "locale": ("character varying(10)", False),
        "timezone": ("character varying(64)", False),
        "profile_picture_url": ("text", True),
        "created_at": ("timestamp with time zone", False),
    },
    "photographers": {
        "id": ("uuid", False),
        "operator_id": ("uuid", False),
        "name": ("character varying(255)", False),
        "email": ("character varying(255)", False),
        "password_hash": ("text", False),
        "address": ("text", True),
        "created_at": ("timestamp with time zone", False),
    },
    "projects": {
        "id": ("uuid", False),
        "operator_id": ("uuid", False),
        "name": ("character varying(255)", False),
        "location_name": ("character varying(255)", True),
        "start_at": ("timestamp with time zone", True),
        "end_at": ("timestamp with time zone", True),
        "project_link": ("text", True),
        "terms_and_conditions": ("text", True),
        "timezone": ("character varying(64)", True),
        "created_at": ("timestamp with time zone", False),
    },
    "project_members": {
        "id": ("uuid", False),
        "project_id": ("uuid", False),
        "user_id": ("uuid", False),
        "joined_at": ("timestamp with time zone", False),
        "terms_accepted_at": ("timestamp with time zone", True),
    },
    "project_photographers": {
        "id": ("uuid", False),
        "project_id": ("uuid", False),
        "photographer_id": ("uuid", False),
    },
    "project_packages": {"project_id": ("uuid", False), "package_id": ("uuid", False)},
    "project_coaches": {
        "id": ("uuid", False),
        "project_id": ("uuid", False),
        "name": ("character varying(255)", False),
    },
    "packages": {
        "id": ("uuid", False),
        "operator_id": ("uuid", False),
        "name": ("character varying(255)", False),
        "price": ("integer", False),
        "photo_count": ("integer", False),
        "created_at": ("timestamp with time zone", False),
        "updated_at": ("timestamp with time zone", False),
    },
    "photos": {
        "id": ("uuid", False),
        "project_id": ("uuid", False),
        "photographer_id": ("uuid", False),
        "storage_key": ("character varying(512)", False),
        "thumbnail_key": ("character varying(512)", True),
        "watermarked_key": ("character varying(512)", True),
        "status": ("character varying(20)", False),
        "uploaded_at": ("timestamp with time zone", False),
    },
    "selfies": {
        "id": ("uuid", False),
        "user_id": ("uuid", False),
        "storage_key": ("character varying(512)", False),
        "embedding": ("vector(128)", True),
        "quality_score": ("real", True),
        "status": ("character varying(20)", False),
        "rejection_reason": ("text", True),
        "created_at": ("timestamp with time zone", False),
    },
    "photo_tags": {
        "id": ("uuid", False),
        "photo_id": ("uuid", False),
        "user_id": ("uuid", False),
        "confidence": ("real", False),
        "source": ("character varying(20)", False),
        "review_status": ("character varying(20)", False),
        "created_at": ("timestamp with time zone", False),
    },
    "purchases": {
        "id": ("uuid", False),
        "user_id": ("uuid", False),
        "project_id": ("uuid", False),
        "package_id": ("uuid", False),
        "stripe_payment_intent_id": ("character varying(255)", False),
        "status": ("character varying(20)", False),
        "created_at": ("timestamp with time zone", False),
    },
    "user_consents": {
        "id": ("uuid", False),
        "user_id": ("uuid", False),
        "consent_type": ("character varying(50)", False),
        "consent_version": ("character varying(20)", False),
        "given_at": ("timestamp with time zone", False),
        "revoked_at": ("timestamp with time zone", True),
    },
    "qr_tokens": {
        "id": ("uuid", False),
        "project_id": ("uuid", False),
        "token": ("character varying(255)", False),
        "expires_at": ("timestamp with time zone", False),
        "used_at": ("timestamp with time zone", True),
        "created_at": ("timestamp with time zone", False),
    },
}
UNIQUE = {
    ("users", "email"),
    ("operators", "email"),
    ("photographers", "email"),
    ("project_members", "project_id, user_id"),
    ("project_photographers", "project_id, photographer_id"),
    ("photo_tags", "photo_id, user_id"),
    ("purchases", "stripe_payment_intent_id"),
    ("qr_tokens", "token"),
}
INDEXED = {
    ("photographers", "operator_id"),
    ("projects", "operator_id"),
    ("project_members", "project_id"),
    ("project_members", "user_id"),
    ("project_photographers", "project_id"),
    ("project_photographers", "photographer_id"),
    ("project_coaches", "project_id"),
    ("packages", "operator_id"),
    ("photos", "project_id"),
    ("photos", "photographer_id"),
    ("selfies", "user_id"),
    ("photo_tags", "photo_id"),
    ("photo_tags", "user_id"),
    ("purchases", "user_id"),
    ("purchases", "project_id"),
    ("purchases", "package_id"),
    ("user_consents", "user_id"),
    ("qr_tokens", "project_id"),
}


@pytest.fixture
def empty(postgres: EmbeddedPostgres) -> Iterator[str]:
    name = f"migrations_{uuid4().hex}"
    yield postgres.create_database(name)
    postgres.drop_database(name)


def test_migrations_go_up_down_and_up_and_match_the_models(empty: str) -> None:
    migrations.upgrade(empty)
    migrations.check(empty)
    migrations.downgrade(empty, "base")
    migrations.upgrade(empty)
    migrations.check(empty)


async def test_migrations_leave_nothing_behind_when_undone(empty: str) -> None:
    import asyncio

    await asyncio.to_thread(migrations.upgrade, empty)
    await asyncio.to_thread(migrations.downgrade, empty, "base")
    connection = await asyncpg.connect(empty)
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    assert [row["tablename"] for row in tables] == ["alembic_version"]


@pytest.mark.parametrize("table", SPECIFIED)
async def test_a_table_has_the_specified_columns(database_url: str, table: str) -> None:
    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch(
        "SELECT attname, format_type(atttypid, atttypmod) AS kind, attnotnull FROM pg_attribute "
        "WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped",
        table,
    )
    await connection.close()
    found = {row["attname"]: (row["kind"], not row["attnotnull"]) for row in rows}
    assert found | SPECIFIED[table] == found


async def test_the_specified_indexes_exist(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch(
        "SELECT tablename, indexdef FROM pg_indexes "
        "WHERE schemaname = 'public' AND indexdef NOT LIKE '% WHERE %'"
    )
    await connection.close()
    found = [(row["tablename"], row["indexdef"]) for row in rows]

    def has(table: str, columns: str, kind: str) -> bool:
        return any(
            name == table and kind in text and text.partition("btree (")[2].startswith(columns)
            for name, text in found
        )

    assert [pair for pair in UNIQUE if not has(*pair, "UNIQUE")] == []
    assert [pair for pair in INDEXED if not has(*pair, "INDEX")] == []


async def test_an_app_refuses_an_older_schema(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", empty)
    engine = create_engine(DatabaseSettings(), application_name="tests")
    with pytest.raises(SchemaNotAtHead, match="acme migrate"):
        await require_head(engine)
    await engine.dispose()


LOCKING = """
from alembic import op

revision = "locking"
down_revision = "{head}"
branch_labels = depends_on = None


def upgrade() -> None:
    op.execute("{statement}")


def downgrade() -> None:
    pass
"""


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("ALTER TABLE projects ADD COLUMN added text", "lock timeout"),
        ("SELECT pg_sleep(20)", "statement timeout"),
    ],
)
async def test_a_migration_gives_up_rather_than_hold_traffic_up(
    postgres: EmbeddedPostgres,
    template: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    statement: str,
    message: str,
) -> None:
    import asyncio

    text = LOCKING.format(head=migrations.head(), statement=statement)
    shutil.copytree(migrations.migrations_dir(), tmp_path / "alembic")
    (tmp_path / "alembic" / "versions" / "locking.py").write_text(text)
    monkeypatch.setenv("ACME_MIGRATIONS_DIR", str(tmp_path / "alembic"))
    monkeypatch.setenv("MIGRATION_LOCK_TIMEOUT_S", "0.2")
    monkeypatch.setenv("MIGRATION_STATEMENT_TIMEOUT_S", "1")
    name = f"locked_{uuid4().hex}"
    url = postgres.create_database(name, template)
    reader = await asyncpg.connect(url)
    transaction = reader.transaction()
    await transaction.start()
    await reader.fetch("SELECT * FROM projects")
    with pytest.raises(Exception, match=message):
        await asyncio.wait_for(asyncio.to_thread(migrations.upgrade, url), 15)
    await reader.close()
    postgres.drop_database(name)


async def test_what_is_pending_is_told_oldest_first(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    monkeypatch.setenv("DATABASE_URL", empty)
    engine = create_engine(DatabaseSettings(), application_name="tests")
    everything = await pending(engine)
    assert everything[0] == "0001: The fifteen tables and their additions"
    await asyncio.to_thread(migrations.upgrade, empty, "0012")
    assert await pending(engine) == everything[everything.index(_of("0012", everything)) + 1 :]
    await asyncio.to_thread(migrations.upgrade, empty)
    assert await pending(engine) == []
    async with engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'of the future'")
    with pytest.raises(SchemaNotAtHead, match="of the future"):
        await pending(engine)
    await engine.dispose()


def _of(revision: str, told: list[str]) -> str:
    return next(line for line in told if line.startswith(f"{revision}: "))
