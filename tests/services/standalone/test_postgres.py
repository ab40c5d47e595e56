import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil
import pytest

from acme_standalone.postgres import EmbeddedPostgres, PostgresFailedError
from acme_standalone.postgres.cluster import Cluster
from acme_standalone.postgres.postmaster import read_pid_file
from acme_standalone.processes.binaries import postgres_program
from acme_standalone.processes.command import Command, CommandFailedError
from acme_standalone.processes.home import DataUnusableError
from acme_standalone.processes.identity import Identity
from acme_standalone.processes.leftovers import DATA_MARK
from acme_standalone.processes.lock import AlreadyLockedError

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has privileges to drop")
WaitFor = Callable[[Callable[[], bool]], None]


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """Of these tests alone."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), is_durable=False) as server:
        yield server


async def query(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def kill_hard(server: EmbeddedPostgres) -> None:
    assert server.pid
    killed = psutil.Process(server.pid)
    killed.kill()
    killed.wait(10)


async def test_the_database_has_vectors_and_the_role_is_no_superuser(postgres: EmbeddedPostgres) -> None:
    assert await query(postgres.url, "select '[3,4]'::vector <-> '[0,0]'") == 5.0
    assert await query(postgres.url, "select current_setting('is_superuser')") == "off"
    assert await query(postgres.url, "select datlocprovider::text || pg_encoding_to_char(encoding) "
                       "from pg_database where datname = current_database()") == "bUTF8"  # fmt: skip


async def test_it_listens_on_the_loopback_only_and_asks_for_the_password(postgres: EmbeddedPostgres) -> None:
    assert postgres.pid
    listening = {c.laddr.ip for c in psutil.Process(postgres.pid).net_connections() if c.status == "LISTEN"}
    assert listening == {"127.0.0.1"}
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(f"postgresql://acme:wrong@127.0.0.1:{postgres.port}/acme")


def test_its_passwords_are_readable_for_the_owner_only(postgres: EmbeddedPostgres) -> None:
    password = postgres.log.with_name("password")
    assert password.stat().st_mode & 0o777 == 0o600
    assert postgres.pid
    assert password.read_text() not in " ".join(psutil.Process(postgres.pid).cmdline())


@needs_root
def test_roots_server_runs_as_nobody_and_parent_folders_keep_their_modes(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = [(folder.stat().st_mode, folder.stat().st_uid) for folder in (closed, tmp_path, tmp_path.parent)]
    with EmbeddedPostgres(closed / "data" / "postgres", is_durable=False) as server:
        assert server.pid
        assert psutil.Process(server.pid).uids().effective == 65534
    after = [(folder.stat().st_mode, folder.stat().st_uid) for folder in (closed, tmp_path, tmp_path.parent)]
    assert after == before


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Unlike pytest's own folders, one that every user may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@needs_root
def test_nobody_gets_no_capability_where_it_needs_none(open_folder: Path) -> None:
    with EmbeddedPostgres(open_folder / "pg", is_durable=False) as server:
        assert server.pid
        status = Path(f"/proc/{server.pid}/status").read_text()
        is_needed = any(folder.stat().st_mode & 0o001 == 0 for folder in postgres_program().parents)
        assert ("CapEff:\t0000000000000000" in status) is not is_needed


PLAIN_USER = """
import sys
from pathlib import Path
from acme_standalone.postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]) / "pg", is_durable=False) as server:
    server.create_database("other")
    print(Path(f"/proc/{server.pid}").stat().st_uid)
"""


def plain_user(uid: int, folder: Path) -> Command:
    python = Path(sys.executable)
    environment = {"PYTHONPATH": ":".join(sys.path)}
    argv = (str(python), "-c", PLAIN_USER, str(folder))
    return Command(argv, environment, identity=Identity(uid, uid), reach=(python,))


@needs_root
def test_a_plain_user_runs_it_and_root_may_run_it_on_the_users_data(open_folder: Path) -> None:
    os.chown(open_folder, 65534, 65534)
    assert plain_user(65534, open_folder).run() == "65534\n"
    with EmbeddedPostgres(open_folder / "pg", is_durable=False) as server:
        assert server.pid
        assert psutil.Process(server.pid).uids().effective == 65534


@needs_root
def test_a_plain_user_is_told_what_to_do_about_roots_data(open_folder: Path) -> None:
    with pytest.raises(CommandFailedError, match=f"No right to make {open_folder}/pg"):
        plain_user(1234, open_folder).run()
    with EmbeddedPostgres(open_folder / "pg", is_durable=False):
        pass
    with pytest.raises(CommandFailedError, match=f"sudo chown -R 1234 {open_folder}"):
        plain_user(1234, open_folder).run()


async def test_a_copied_database_carries_the_rows_and_odd_names_are_names(postgres: EmbeddedPostgres) -> None:
    template = postgres.create_database("template")
    await query(template, "create table t as select 7 as n")
    name = 'a "b"; drop database template'
    postgres.create_database(name, template="template")
    connection = await asyncpg.connect(postgres.url, database=name)
    assert await connection.fetchval("select n from t") == 7
    await connection.close()
    postgres.drop_database(name)
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(postgres.url, database=name)


async def test_data_survive_a_stop_and_a_killed_server(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "pg")
    await query(server.start(), "create table t (n int)")
    server.stop()
    await query(server.start(), "insert into t values (1)")
    kill_hard(server)
    started = time.monotonic()
    assert await query(server.start(), "select count(*) from t") == 1
    assert time.monotonic() - started < 10
    server.stop()
    assert read_pid_file(Cluster(tmp_path / "pg")) is None


async def test_a_busy_session_of_a_killed_server_does_not_block_the_next_start(
    tmp_path: Path, processes_with: Callable[[str], list[psutil.Process]]
) -> None:
    server = EmbeddedPostgres(tmp_path / "pg", is_durable=False)
    busy = asyncio.create_task(query(server.start(), "do $$ begin loop end loop; end $$"))
    await asyncio.sleep(0.5)
    assert await query(server.url, "select count(*) from pg_stat_activity where query like 'do %'") == 1
    kill_hard(server)
    sessions = [p for p in processes_with(str(tmp_path / "pg")) if p.name() == "postgres"]
    assert sessions, "the busy session should have outlived its server"
    assert await query(server.start(), "select 1") == 1
    with suppress(asyncpg.PostgresError, OSError):
        await busy
    assert not any(session.is_running() and session.status() != "zombie" for session in sessions)
    server.stop()


def test_a_stale_pid_file_with_a_reused_pid_harms_nobody(
    tmp_path: Path, bystander: subprocess.Popen[bytes]
) -> None:
    server = EmbeddedPostgres(tmp_path / "pg", is_durable=False)
    server.start()
    note = tmp_path / "pg" / "cluster" / "postmaster.pid"
    lines = note.read_text().splitlines()
    kill_hard(server)
    note.write_text("\n".join([str(bystander.pid), *lines[1:]]) + "\n")
    server.start()
    server.stop()
    assert bystander.poll() is None


def test_an_orphaned_server_of_ours_is_replaced(tmp_path: Path) -> None:
    home = tmp_path / "pg"
    server = EmbeddedPostgres(home, is_durable=False)
    server.start()
    server.release()  # as if its launcher had died without the kernel telling it
    heir = EmbeddedPostgres(home, is_durable=False)
    heir.start()
    assert server.pid is None
    heir.stop()
    server.stop()


def test_a_server_that_somebody_else_started_is_left_alone(tmp_path: Path, wait_for: WaitFor) -> None:
    home = tmp_path / "pg"
    server = EmbeddedPostgres(home, is_durable=False)
    command = server.prepare()
    unmarked = {name: text for name, text in command.environment.items() if name != DATA_MARK}
    foreign = Command(command.argv, unmarked, command.death_signal, command.identity, command.reach)
    process = foreign.spawn(server.log)
    try:
        wait_for(lambda: server.is_ready(process.pid))
        with pytest.raises(DataUnusableError, match=f"pid {process.pid}"):
            server.start()
        assert process.poll() is None
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        server.release()


def test_a_second_launcher_on_the_same_folder_is_refused(postgres: EmbeddedPostgres) -> None:
    with pytest.raises(AlreadyLockedError):
        EmbeddedPostgres(postgres.log.parent).start()


async def test_a_lost_password_is_replaced(tmp_path: Path) -> None:
    home = tmp_path / "pg"
    with EmbeddedPostgres(home, is_durable=False):
        pass
    (home / "password").unlink()
    with EmbeddedPostgres(home, password="another-password", is_durable=False) as server:
        assert "another-password" in server.url
        assert await query(server.url, "select 1") == 1


def test_an_interrupted_creation_is_started_over(tmp_path: Path) -> None:
    unfinished = tmp_path / "pg" / "cluster.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(tmp_path / "pg", is_durable=False):
        assert not unfinished.exists()


def test_a_taken_port_is_named_with_the_servers_own_words(tmp_path: Path, postgres: EmbeddedPostgres) -> None:
    with pytest.raises(PostgresFailedError, match=rf"port {postgres.port}[\s\S]*Address already in use"):
        EmbeddedPostgres(tmp_path / "pg", postgres.port, is_durable=False).start()


LAUNCHER = """
import sys, time
from pathlib import Path
from acme_standalone.postgres import EmbeddedPostgres
from acme_standalone.valkey import EmbeddedValkey
postgres, valkey = EmbeddedPostgres(Path(sys.argv[1]) / "pg"), EmbeddedValkey(Path(sys.argv[1]) / "vk")
print(postgres.start(), valkey.start(), flush=True)
time.sleep(600)
"""


def test_servers_die_with_a_killed_launcher_and_start_again(
    tmp_path: Path,
    start_script: Callable[..., subprocess.Popen[str]],
    wait_for: WaitFor,
    processes_with: Callable[[str], list[psutil.Process]],
) -> None:
    launcher = start_script("-c", LAUNCHER, str(tmp_path))
    assert launcher.stdout
    assert launcher.stdout.readline().startswith("postgresql://")
    assert processes_with(f"{tmp_path}/")
    launcher.kill()
    launcher.wait()
    wait_for(lambda: not processes_with(f"{tmp_path}/"))
    with EmbeddedPostgres(tmp_path / "pg"):
        pass
