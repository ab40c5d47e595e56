"""PostgreSQL with made-up rows, Valkey, and the real services on them, as processes on 127.0.0.1."""

import asyncio
import os
import platform
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import psutil

from acme_auth.principals import Audience, Principal, Role, Scope
from acme_auth.sessions import open_session
from acme_auth.tokens import TokenService
from acme_config.settings import DatabaseSettings, TokenSettings
from acme_db import migrations
from acme_db.engine import create_engine, create_session_factory
from acme_db.models import Superadmin
from acme_standalone.postgres import EmbeddedPostgres
from acme_standalone.processes.ports import free_port
from acme_standalone.scale.loading import load
from acme_standalone.scale.shape import Shape
from acme_standalone.valkey import EmbeddedValkey

SERVICES = ("backoffice", "main", "media")
DATA = Path(os.environ.get("ACME_BENCH_DATA") or Path(tempfile.gettempdir()) / "acme-bench-scale")
"""Kept from run to run: a million rows take minutes to make."""
HOURS_S = 4 * 3600


@dataclass(frozen=True)
class Stage:
    database_url: str
    redis_url: str
    urls: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]]

    def memory(self, service: str) -> float:
        """Resident, in MB; of the largest, where there are several processes."""
        return max(float(process.memory_info().rss) for process in self._tree(service)) / 1e6

    def cpu_seconds(self, service: str) -> float:
        """Of all of its processes."""
        times = [process.cpu_times() for process in self._tree(service)]
        return float(sum(each.user + each.system for each in times))

    def _tree(self, service: str) -> Sequence[psutil.Process]:
        first = psutil.Process(self.processes[service].pid)
        return [first, *first.children(recursive=True)]


def machine() -> str:
    packages = ("fastapi", "sqlalchemy", "asyncpg", "uvicorn", "redis")
    found = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, {platform.platform()}\n"
        f"Python {platform.python_version()}, {found}"
    )


def settings_of(database_url: str, redis_url: str) -> dict[str, str]:
    return {
        "ACME_ENV": "test",
        "LOG_LEVEL": "WARNING",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "S3_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}",  # signed for, never asked
        "S3_ACCESS_KEY_ID": "benchmark",
        "S3_SECRET_ACCESS_KEY": secrets.token_hex(16),
        "JWT_SECRET": secrets.token_hex(32),
        "RECEIPT_SIGNING_KEY": secrets.token_urlsafe(32),
        "JWT_ACCESS_TTL_S": str(HOURS_S),
        "JWT_MEDIA_TTL_S": str(HOURS_S),
        "TOTP_SECRET": secrets.token_hex(32),
        "WEBHOOK_SECRET": secrets.token_hex(32),
        "STRIPE_SECRET_KEY": "sk_test_benchmark",
        "STRIPE_PUBLISHABLE_KEY": "pk_test_benchmark",
        "STRIPE_WEBHOOK_SECRET": "whsec_benchmark",
        "MAILBOX_DIR": str(DATA / "mailbox"),
    }


@contextmanager
def postgres() -> Iterator[EmbeddedPostgres]:
    DATA.mkdir(parents=True, exist_ok=True)
    with EmbeddedPostgres(DATA / "postgres") as server:
        yield server


def seeded(server: EmbeddedPostgres, rows: int) -> str:
    """The URL of a database of this size at head; made when it is not there yet."""
    name = f"scale_{rows}"
    url = server.database_url(name)
    if asyncio.run(_is_seeded(server, name)):
        migrations.upgrade(url)
        return url
    server.drop_database(name)
    migrations.upgrade(server.create_database(name))
    started = time.monotonic()
    asyncio.run(load(url, Shape(rows)))
    asyncio.run(_write_out(server))
    print(f"{rows} photos seeded in {time.monotonic() - started:.0f} s", flush=True)
    return url


async def _write_out(server: EmbeddedPostgres) -> None:
    """What the seeding left in memory goes to the disk now, and not while requests are measured."""
    admin = await asyncpg.connect(server.superuser_url)
    await admin.execute("CHECKPOINT")
    await admin.close()


@contextmanager
def database(server: EmbeddedPostgres) -> Iterator[str]:
    """An empty one at head, for as long as the block lasts."""
    name = f"bench_{secrets.token_hex(6)}"
    url = server.create_database(name)
    migrations.upgrade(url)
    try:
        yield url
    finally:
        server.drop_database(name)


async def _is_seeded(server: EmbeddedPostgres, name: str) -> bool:
    admin = await asyncpg.connect(server.superuser_url)
    exists = await admin.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name)
    await admin.close()
    if not exists:
        return False
    connection = await asyncpg.connect(server.database_url(name))
    has_photos = await connection.fetchval("SELECT to_regclass('photos') IS NOT NULL")
    found = has_photos and await connection.fetchval("SELECT EXISTS (SELECT FROM photos)")
    await connection.close()
    return bool(found)


@contextmanager
def serving(database_url: str, *, workers: int = 1) -> Iterator[Stage]:
    """So many processes of each service."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        valkey = stack.enter_context(EmbeddedValkey(Path(folder) / "valkey"))
        environment = settings_of(database_url, valkey.url) | {"API_WORKERS": str(workers)}
        os.environ.update(environment)
        processes, urls = {}, {}
        for name in SERVICES:
            port = free_port()
            environ = {**os.environ, f"{name.upper()}_PORT": str(port)}
            processes[name] = stack.enter_context(_process(f"acme_{name}", environ))
            urls[name] = f"http://127.0.0.1:{port}"
        for name in SERVICES:
            _wait_for(f"{urls[name]}/health/live", processes[name])
        yield Stage(database_url, valkey.url, urls, processes)


@contextmanager
def _process(module: str, environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-m", module], env=environ) as process:  # noqa: S603 - our own program
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 300
    while True:
        try:
            httpx.get(url).raise_for_status()
        except httpx.HTTPError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


class Badges:
    """Tokens of real accounts with open sessions."""

    def __init__(self) -> None:
        self._engine = create_engine(DatabaseSettings(), application_name="benchmark")
        self._sessions = create_session_factory(self._engine)
        self._tokens = TokenService(TokenSettings())

    async def issue(self, role: Role, account_id: UUID, audience: Audience) -> str:
        (token,) = await self.issue_many(role, [account_id], audience)
        return token

    async def issue_many(self, role: Role, accounts: list[UUID], audience: Audience) -> list[str]:
        home = Audience.MAIN if role is Role.USER else Audience.BACKOFFICE
        found = []
        async with self._sessions() as session, session.begin():
            for account_id in accounts:
                opened = await open_session(session, home, role, account_id, ttl_s=HOURS_S)
                if audience is Audience.MEDIA:
                    ends = datetime.now(UTC) + timedelta(seconds=HOURS_S)
                    caller = Principal(account_id, role, home, "jti", ends, opened.session_id)
                    found.append(self._tokens.issue_media(caller, frozenset({Scope.EVENTS})).value)
                else:
                    issued = self._tokens.issue_access(audience, role, account_id, opened.session_id)
                    found.append(issued.value)
        return found

    async def superadmin(self) -> UUID:
        async with self._sessions() as session, session.begin():
            row = Superadmin(name="Bench", email=f"{secrets.token_hex(8)}@example.com", password_hash="!")  # noqa: S106 - unusable
            session.add(row)
            await session.flush()
            return row.id

    async def close(self) -> None:
        await self._engine.dispose()
