"""Behind PgBouncer, in transaction mode, with the settings of docs/scaling.md."""

import asyncio
import os
import pwd
import re
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy import bindparam, literal, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from acme_config.settings import DatabaseSettings
from acme_db.engine import create_engine, create_session_factory
from acme_db.models import OutboxJob
from acme_db.prepared import Prepared
from acme_db.unit_of_work import unit_of_work
from acme_standalone.processes.ports import free_port

ROOT = Path(__file__).resolve().parents[3]
FOLLOWS_STATEMENTS = (1, 21)
"""The first that passes prepared statements on in transaction mode."""


def _program() -> tuple[str, bool]:
    """And whether it follows prepared statements."""
    program = os.environ.get("PGBOUNCER") or shutil.which("pgbouncer")
    if program is None:
        pytest.skip("no pgbouncer here (Debian: apt install pgbouncer)")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    version = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    return program, version >= FOLLOWS_STATEMENTS


def _settings() -> str:
    """Those that operators are told to use, which the chart and this test read from one file."""
    return (ROOT / "deploy" / "pgbouncer.ini").read_text()


def _configuration(folder: Path, server: str, port: int, *, follows: bool) -> Path:
    parts = urlsplit(server)
    own = {
        "listen_addr": "127.0.0.1",
        "listen_port": port,
        "unix_socket_dir": "",
        "auth_file": folder / "users.txt",
        "default_pool_size": 2,
    }
    left_out = {*own, *(() if follows else ("max_prepared_statements",))}
    lines = [line for line in _settings().splitlines() if line.partition(" =")[0] not in left_out]
    database = f"acme = host={parts.hostname} port={parts.port} dbname={parts.path[1:]} user={parts.username}"
    text = "\n".join(lines).replace(
        "[pgbouncer]", "[pgbouncer]\n" + "\n".join(f"{k} = {v}" for k, v in own.items())
    )
    (folder / "pgbouncer.ini").write_text(f"[databases]\n{database} password={parts.password}\n\n{text}\n")
    (folder / "users.txt").write_text(f'"{parts.username}" "{parts.password}"\n')
    return folder / "pgbouncer.ini"


@pytest.fixture(scope="module")
def pooled_url(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program, follows = _program()
    folder, port = tmp_path_factory.mktemp("pgbouncer"), free_port()
    configuration = _configuration(folder, database_url, port, follows=follows)
    command = [program, str(configuration)]
    if os.geteuid() == 0:  # it refuses to run as root
        nobody = pwd.getpwnam("nobody")
        for path in (folder, *folder.iterdir()):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        command = [program, "-u", "nobody", str(configuration)]
    parts = urlsplit(database_url)
    url = f"postgresql://{parts.username}:{parts.password}@127.0.0.1:{port}/acme"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)
        asyncio.run(_answering(url, process, folder / "log"))
        yield url
        process.terminate()
        process.wait(10)


async def _answering(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            await (await asyncpg.connect(url)).close()
        except (OSError, asyncpg.PostgresError):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text()) from None
            await asyncio.sleep(0.1)
        else:
            return


@pytest.fixture(params=[True, False], ids=["kept", "anew"])
async def engine(pooled_url: str, request: pytest.FixtureRequest) -> AsyncIterator[AsyncEngine]:
    """With statements that are kept, and prepared anew each time."""
    if request.param and not _program()[1]:
        pytest.skip("this pgbouncer passes no prepared statements on: 1.21 or newer is needed")
    settings = DatabaseSettings(
        DATABASE_URL=SecretStr(pooled_url),
        DATABASE_IS_POOLED=True,
        DATABASE_KEEPS_STATEMENTS=request.param,
        DATABASE_POOL_SIZE=20,
    )
    engine = create_engine(settings, application_name="pooled")
    yield engine
    await engine.dispose()


async def test_transactions_of_many_clients_share_two_connections(engine: AsyncEngine) -> None:
    """Twenty clients, each of which prepares its statements, on two connections."""
    sessions = create_session_factory(engine)

    async def work(number: int) -> tuple[int, int]:
        async with unit_of_work(sessions) as session:
            value = (await session.execute(select(literal(number)))).scalar_one()
            await session.execute(select(OutboxJob).where(OutboxJob.worker == str(number)))
            return value, (await session.execute(select(literal(number + 1)))).scalar_one()

    done = await asyncio.gather(*(work(number) for number in range(200)))
    assert done == [(number, number + 1) for number in range(200)]


async def test_single_reads_without_a_transaction_find_their_statements(engine: AsyncEngine) -> None:
    statement = Prepared(select(bindparam("number", type_=OutboxJob.attempts.type) * 2))
    autocommit = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def read(number: int) -> int:
        await asyncio.sleep(0)
        (row,) = await statement.fetch(autocommit, number=number)
        return int(row[0])

    assert await asyncio.gather(*(read(number) for number in range(300))) == [2 * n for n in range(300)]


async def test_single_statements_of_core_find_what_they_have_prepared(engine: AsyncEngine) -> None:
    """Each of another text: one that ran another client's would answer wrongly, and not fail."""
    autocommit = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def read(number: int) -> int:
        async with autocommit.connect() as connection:
            statement = text(f"SELECT CAST(:added AS int) + {number * 1000}")
            return int((await connection.execute(statement, {"added": number})).scalar_one())

    assert await asyncio.gather(*(read(number) for number in range(200))) == [n * 1001 for n in range(200)]
