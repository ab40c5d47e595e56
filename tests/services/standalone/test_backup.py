"""A backup of the tests' own platform, restored beside it."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from acme_config.settings import StorageSettings
from acme_standalone.backup.folder import BackupFolder, BackupUnusableError, NotEmptyError
from acme_standalone.backup.run import back_up, restore
from acme_standalone.postgres import EmbeddedPostgres
from acme_storage import keys
from acme_storage.gateway import ObjectStorage
from tests.conftest import running_platform
from tests.services.harness import Platform

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


@dataclass(frozen=True)
class Elsewhere:
    """An empty database and an empty bucket, named by the environment inside of `entered`."""

    database_url: str
    bucket: str


@pytest.fixture
def elsewhere(postgres: EmbeddedPostgres) -> Iterator[Elsewhere]:
    name = f"restored_{uuid4().hex}"
    yield Elsewhere(postgres.create_database(name), f"restored-{uuid4().hex}")
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def database_url(postgres: EmbeddedPostgres, template: str) -> str:
    return postgres.create_database("backed_up", template)


@pytest.fixture(scope="module")
async def platform(
    database_url: str, redis_url: str, object_store_url: str, stripe_url: str
) -> AsyncIterator[Platform]:
    """One of this file's own: a backup takes as long as there is something, and other files leave much."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("S3_BUCKET", "backed-up")
        async with running_platform(database_url, redis_url, object_store_url, stripe_url) as platform:
            yield platform


async def rows_of(database_url: str) -> dict[str, str]:
    """A digest of each table's rows."""
    import asyncpg

    connection = await asyncpg.connect(database_url)
    try:
        found = {}
        for (table,) in await connection.fetch(TABLES):
            rows = await connection.fetch(f"SELECT t::text FROM {table} t ORDER BY 1")
            found[table] = hashlib.sha256("\n".join(row[0] for row in rows).encode()).hexdigest()
        return found
    finally:
        await connection.close()


async def test_a_restored_backup_is_what_was_backed_up(
    platform: Platform,
    database_url: str,
    elsewhere: Elsewhere,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = await platform.new_event()
    guest, photo_id = await event.new_member(), await event.ready_photo(21)
    await event.tag(photo_id, guest)
    nobodys = keys.selfie_crop(uuid4(), uuid4())
    await platform.storage.write(nobodys, b"left by a run that failed", "application/octet-stream")
    folder = BackupFolder(tmp_path / "backup")
    counts = await back_up(folder)
    await platform.storage.delete_prefix(nobodys)
    before = await rows_of(database_url)

    monkeypatch.setenv("DATABASE_URL", elsewhere.database_url)
    monkeypatch.setenv("S3_BUCKET", elsewhere.bucket)
    restored = await restore(folder)
    assert await rows_of(elsewhere.database_url) == before
    assert restored.left_out >= 1
    assert restored.objects + restored.left_out == counts.objects
    copy = ObjectStorage(StorageSettings())
    key = keys.original(*(await _ids(platform, photo_id)))
    assert await copy.read(key) == await platform.storage.read(key)
    assert (await copy.head(key)).content_type == "image/jpeg"
    assert [item.key for item in await copy.list_objects(nobodys)] == []
    with pytest.raises(NotEmptyError):
        await restore(folder)


async def _ids(platform: Platform, photo_id: str) -> tuple[UUID, UUID]:
    found = "SELECT project_id, id FROM photos WHERE id = CAST(:id AS uuid)"
    [(project_id, same)] = await platform.sql(found, id=photo_id)
    return project_id, same


async def test_a_second_backup_fetches_what_is_new_only(platform: Platform, tmp_path: Path) -> None:
    folder = BackupFolder(tmp_path / "backup")
    await back_up(folder)
    files = [path for path in (folder.path / "objects").rglob("*") if path.is_file()]
    for path in files:
        os.utime(path, (1, 1))
    event = await platform.new_event()
    photo_id = await event.ready_photo(22)
    await back_up(folder)
    assert all(path.stat().st_mtime == 1 for path in files)
    assert folder.file_of(keys.original(*(await _ids(platform, photo_id)))).exists()


@pytest.mark.parametrize("harm", ["unfinished", "dump", "object", "list"])
async def test_a_damaged_backup_is_refused(platform: Platform, tmp_path: Path, harm: str) -> None:
    event = await platform.new_event()
    await event.ready_photo(23)
    folder = BackupFolder(tmp_path / "backup")
    await back_up(folder)
    match harm:
        case "unfinished":
            folder.unseal()
        case "dump":
            with folder.dump.open("ab") as file:
                file.write(b"x")
        case "object":
            path = next(path for path in (folder.path / "objects").rglob("*") if path.is_file())
            path.write_bytes(b"x")
        case _:
            with (folder.path / "objects.jsonl").open("a") as file:
                file.write(json.dumps({"key": "../../outside"}))
    with pytest.raises(BackupUnusableError):
        folder.opened()


@pytest.mark.parametrize("key", ["../outside", "/outside", "a/../../b", ""])
def test_a_key_stays_inside_of_the_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(BackupUnusableError):
        BackupFolder(tmp_path).file_of(key)


def acme(*arguments: str) -> subprocess.CompletedProcess[str]:
    """On its own parts, whatever the tests have set for themselves."""
    foreign = ("DATABASE_URL", "REDIS_URL", "S3_", "STRIPE_", "JWT_", "TOTP_")
    environment = {name: text for name, text in os.environ.items() if not name.startswith(foreign)}
    command = [sys.executable, "-m", "acme_standalone", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=240)


def test_the_embedded_platform_is_backed_up_and_restored_while_it_is_down(tmp_path: Path) -> None:
    first, second, kept = (str(tmp_path / name) for name in ("first", "second", "kept"))
    assert acme("migrate", "--data-dir", first).returncode == 0
    done = acme("backup", kept, "--data-dir", first)
    assert done.returncode == 0, done.stderr
    done = acme("restore", kept, "--data-dir", second)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "first" / "secrets.json").read_text() == (
        tmp_path / "second" / "secrets.json"
    ).read_text()
    again = acme("restore", kept, "--data-dir", second)
    assert again.returncode == 1
    assert "not empty" in again.stderr
