"""A small database of the kind that speed is measured at: all rows are there, and all constraints hold."""

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from acme_db.models import Base
from acme_standalone.postgres import EmbeddedPostgres
from acme_standalone.scale.loading import NotEmptyError, load
from acme_standalone.scale.shape import Shape

SHAPE = Shape(3000)
CAST = re.compile(r"::[a-z ]+(\[\])?|[()]")
"""Read back and made again, a condition has its casts in another place."""


@pytest.fixture(scope="module")
async def seeded(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[asyncpg.Connection]:
    name = f"scale_{uuid4().hex}"
    url = postgres.create_database(name, template)
    await load(url, SHAPE)
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()
    postgres.drop_database(name)


async def schema(connection: asyncpg.Connection) -> list[str]:
    """Every index, constraint and trigger, as PostgreSQL writes it."""
    rows = await connection.fetch(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL "
        "SELECT conrelid::regclass || pg_get_constraintdef(oid) || convalidated FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace UNION ALL "
        "SELECT pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
    )
    return sorted(CAST.sub("", row[0]) for row in rows)


async def test_there_is_as_much_as_was_asked_for(seeded: asyncpg.Connection) -> None:
    counts = {
        table: await seeded.fetchval(f"SELECT count(*) FROM {table}")
        for table in ("photos", "photo_tags", "users", "projects", "purchases")
    }
    assert counts == {"photos": 3000, "photo_tags": 15_000, "users": 600, "projects": 3, "purchases": 300}
    full = Shape(1_000_000)
    assert (full.tags, full.users, full.projects, full.purchases) == (5_000_000, 200_000, 1000, 100_000)
    assert [event.photos.stop for event in full.events][-1] == 1_000_000
    assert len(full.events[0].photos) > 100_000


async def test_no_table_of_what_belongs_to_them_is_empty(seeded: asyncpg.Connection) -> None:
    empty = {
        table
        for table in Base.metadata.tables
        if not await seeded.fetchval(f"SELECT EXISTS (SELECT FROM {table})")
    }
    assert empty == {
        "consent_documents",
        "erasure_receipts",
        "face_calls",
        "face_templates",
        "face_vector_versions",
        "face_vectors",
        "figure_marks",
        "hide_requests",
        "one_time_tokens",
        "provider_faces",
        "purchase_archives",
        "recovery_codes",
        "refund_requests",
        "second_factors",
        "selfie_conflicts",
        "shadow_results",
        "stripe_events",
        "superadmins",
        "watermarks",
        "webhook_attempts",
        "webhook_deliveries",
        "webhook_endpoints",
        "webhook_subscriptions",
    }


async def test_the_schema_is_what_it_was_and_everything_keeps_to_it(
    seeded: asyncpg.Connection, postgres: EmbeddedPostgres, template: str
) -> None:
    name = f"untouched_{uuid4().hex}"
    untouched = await asyncpg.connect(postgres.create_database(name, template))
    expected = await schema(untouched)
    await untouched.close()
    postgres.drop_database(name)
    assert await schema(seeded) == expected


async def test_rows_fit_together_beyond_what_keys_prove(seeded: asyncpg.Connection) -> None:
    strangers = await seeded.fetchval(
        "SELECT count(*) FROM photo_tags t JOIN photos p ON p.id = t.photo_id "
        "WHERE t.project_id <> p.project_id OR NOT EXISTS (SELECT FROM project_members m "
        "WHERE m.project_id = p.project_id AND m.user_id = t.user_id)"
    )
    unassigned = await seeded.fetchval(
        "SELECT count(*) FROM photos p WHERE NOT EXISTS (SELECT FROM project_photographers a "
        "WHERE a.project_id = p.project_id AND a.photographer_id = p.photographer_id)"
    )
    uncounted = await seeded.fetchval(
        "SELECT (SELECT sum(value) FROM figures WHERE kind = 'members')"
        " - (SELECT count(*) FROM project_members)"
    )
    assert (strangers, unassigned, uncounted) == (0, 0, 0)


async def test_the_same_size_gives_the_same_rows(
    seeded: asyncpg.Connection, postgres: EmbeddedPostgres, template: str
) -> None:
    name = f"again_{uuid4().hex}"
    url = postgres.create_database(name, template)
    await load(url, SHAPE)
    again = await asyncpg.connect(url)
    for table in Base.metadata.tables:
        digest = f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t"
        if table not in {"figures", "alembic_version"}:
            assert await seeded.fetchval(digest) == await again.fetchval(digest), table
    await again.close()
    postgres.drop_database(name)


async def test_a_database_that_holds_anything_is_left_alone(
    postgres: EmbeddedPostgres, template: str
) -> None:
    name = f"taken_{uuid4().hex}"
    url = postgres.create_database(name, template)
    connection = await asyncpg.connect(url)
    await connection.execute(
        "INSERT INTO users (name, email, password_hash) VALUES ('Ann', 'ann@example.com', 'x')"
    )
    before = await schema(connection)
    with pytest.raises(NotEmptyError, match="users"):
        await load(url, SHAPE)
    assert await connection.fetchval("SELECT count(*) FROM users") == 1
    assert await schema(connection) == before
    await connection.close()
    postgres.drop_database(name)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--scale", "--rows", "10000"], "DATABASE_URL"),
        (["--scale", "--rows", "7"], "10000"),
        ([], "--scale"),
    ],
)
def test_the_command_says_what_it_needs(arguments: list[str], said: str) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "acme_standalone", "seed", *arguments]
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert said in ended.stderr + ended.stdout
