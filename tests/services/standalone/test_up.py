"""The supervisor, as a process that is stopped and killed in every way."""

import asyncio
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import asyncpg
import psutil
import pytest

from acme_standalone.processes.ports import free_port
from acme_standalone.settings.environment import from_lines
from acme_standalone.settings.ports import Ports
from acme_standalone.supervisor.state import DataDirectory, NotRunningError

WaitFor = Callable[[Callable[[], bool]], None]
ProcessesWith = Callable[[str], list[psutil.Process]]


def free_ports() -> Ports:
    return Ports(*(free_port() for _ in Ports.names()))


@dataclass(frozen=True)
class Toys:
    """A running toy platform."""

    process: subprocess.Popen[str]
    data: DataDirectory
    ports: Ports

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports.backoffice}/", timeout=2) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def pid_of(self, word: str) -> int:
        children = psutil.Process(self.process.pid).children()
        return next(c.pid for c in children if word in " ".join(command_line(c)))

    def output_after_end(self) -> str:
        return self.process.communicate(timeout=30)[0]


def command_line(process: psutil.Process) -> list[str]:
    """Empty for one that has just ended."""
    with suppress(psutil.Error):
        return list(process.cmdline())
    return []


StartToys = Callable[..., Toys]


@pytest.fixture(scope="module")
def start_toys(toy_platform: Path, start_script: Callable[..., subprocess.Popen[str]]) -> StartToys:
    def start(folder: Path, *flags: str, ports: Ports | None = None) -> Toys:
        chosen = ports or free_ports()
        numbers = [str(port) for port in chosen.by_name().values()]
        process = start_script(str(toy_platform), str(folder / "data"), *numbers, *flags)
        return Toys(process, DataDirectory.chosen(folder / "data"), chosen)

    return start


@pytest.fixture(scope="module")
def toys(
    start_toys: StartToys, wait_for: WaitFor, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Toys]:
    """One platform that several tests hurt and that comes back each time."""
    running = start_toys(tmp_path_factory.mktemp("toys"))
    wait_for(lambda: is_ready(running))
    yield running
    running.process.terminate()
    assert running.process.wait(30) == 0


def is_ready(running: Toys) -> bool:
    assert running.process.poll() is None, running.output_after_end()
    try:
        return bool(running.data.running_environment())
    except NotRunningError:
        return False


def remains(tmp_path: Path, processes_with: ProcessesWith) -> list[psutil.Process]:
    return processes_with(str(tmp_path / "data"))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_ends_everything_in_order_with_status_0(
    how: signal.Signals,
    start_toys: StartToys,
    wait_for: WaitFor,
    processes_with: ProcessesWith,
    tmp_path: Path,
) -> None:
    toys = start_toys(tmp_path)
    wait_for(lambda: is_ready(toys))
    assert remains(tmp_path, processes_with)
    toys.process.send_signal(how)
    output = toys.output_after_end()
    assert toys.process.returncode == 0, output
    apps_first = [f"http://localhost:{number}" for number in (toys.ports.backoffice_web, toys.ports.main_web)]
    places = [*apps_first, f"http://localhost:{toys.ports.backoffice}", f"http://localhost:{toys.ports.main}"]
    assert sorted(places, key=output.index) == places
    assert "stubborn did not stop within 0.4 s and was killed" in output
    assert "database system is shut down" in (toys.data.logs / "postgres.log").read_text()
    assert not remains(tmp_path, processes_with)
    assert toys.data.holder() is None


def test_a_stop_during_the_start_is_clean_too(
    start_toys: StartToys, wait_for: WaitFor, processes_with: ProcessesWith, tmp_path: Path
) -> None:
    toys = start_toys(tmp_path)
    wait_for((toys.data.path / "postgres").exists)
    toys.process.terminate()
    output = toys.output_after_end()
    assert toys.process.returncode == 0, output
    assert "Traceback" not in output
    assert not remains(tmp_path, processes_with)


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_keeps_the_data(
    start_toys: StartToys, wait_for: WaitFor, processes_with: ProcessesWith, tmp_path: Path
) -> None:
    first = start_toys(tmp_path)
    wait_for(lambda: is_ready(first))
    asyncio.run(run_statement(first, "create table t as select 5 as n"))
    first.process.kill()
    first.process.wait()
    with pytest.raises(NotRunningError, match="No platform runs"):
        first.data.running_environment()
    wait_for(lambda: not remains(tmp_path, processes_with))
    second = start_toys(tmp_path, ports=first.ports)
    wait_for(lambda: is_ready(second))
    assert asyncio.run(run_statement(second, "select n from t")) == 5
    second.process.terminate()
    assert second.process.wait(30) == 0


def test_the_next_start_does_not_wait_for_the_watchdog(
    start_toys: StartToys, wait_for: WaitFor, tmp_path: Path
) -> None:
    first = start_toys(tmp_path)
    wait_for(lambda: is_ready(first))
    for watchdog in psutil.Process(first.process.pid).children():
        if "watchdog" in " ".join(watchdog.cmdline()):
            watchdog.suspend()
            break
    first.process.kill()
    first.process.wait()
    second = start_toys(tmp_path, ports=first.ports)
    wait_for(lambda: is_ready(second))
    web = second.pid_of("http.server")
    watchdog.resume()
    wait_for(lambda: not watchdog.is_running() or watchdog.status() == psutil.STATUS_ZOMBIE)
    wait_for(second.answers)
    assert second.pid_of("http.server") == web
    second.process.terminate()
    assert second.process.wait(30) == 0


async def run_statement(toys: Toys, statement: str) -> object:
    connection = await asyncpg.connect(toys.data.running_environment()["DATABASE_URL"])
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("word", ["http.server", "valkey-server", "postgres", "watchdog"])
def test_whatever_is_killed_comes_back(word: str, toys: Toys, wait_for: WaitFor) -> None:
    killed = toys.pid_of(word)
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: is_back(toys, word, killed))
    if word == "postgres":
        wait_for(lambda: is_database_back(toys))
    wait_for(toys.answers)


def is_back(toys: Toys, word: str, killed: int) -> bool:
    try:
        return toys.pid_of(word) != killed
    except StopIteration:
        return False


def is_database_back(toys: Toys) -> bool:
    try:
        return asyncio.run(run_statement(toys, "select 1")) == 1
    except (OSError, asyncpg.PostgresError):
        return False


def test_a_killed_process_takes_what_it_started_with_it(
    toys: Toys, wait_for: WaitFor, processes_with: ProcessesWith
) -> None:
    def grandchildren() -> set[int]:
        mine = {p.pid for p in remains(toys.data.path.parent, processes_with)}
        return mine & {
            p.pid for p in processes_with("toy-grandchild") if "-c" in p.cmdline() and len(p.cmdline()) == 3
        }

    before = grandchildren()
    os.kill(toys.pid_of("toy-stubborn"), signal.SIGKILL)
    wait_for(lambda: not before & grandchildren())


def test_a_second_start_is_refused_and_names_the_first(toys: Toys, start_toys: StartToys) -> None:
    second = start_toys(toys.data.path.parent)
    output = second.output_after_end()
    assert second.process.returncode == 1
    assert "already runs" in output
    assert f"pid {toys.process.pid}" in output
    assert f"Guests' app: http://localhost:{toys.ports.main_web}" in output
    assert f"Media API: http://localhost:{toys.ports.media}" in output
    assert toys.answers()


def test_a_taken_port_is_named_with_its_holder_and_the_way_out(start_toys: StartToys, tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        ports = Ports(**{**free_ports().by_name(), "redis": taken})
        refused = start_toys(tmp_path, ports=ports)
        output = refused.output_after_end()
    assert refused.process.returncode == 1
    assert f"Port {taken} (redis) is taken by" in output
    assert f"pid {os.getpid()}" in output
    assert "--port redis=N or ACME_REDIS_PORT=N" in output


def test_a_failing_step_ends_the_start_with_its_last_words(
    start_toys: StartToys, processes_with: ProcessesWith, tmp_path: Path
) -> None:
    toys = start_toys(tmp_path, "--failing-step")
    output = toys.output_after_end()
    assert toys.process.returncode == 1
    assert "step does not start" in output
    assert "toy step speaks" in output
    assert not remains(tmp_path, processes_with)


def test_the_published_environment_works_and_is_private(toys: Toys) -> None:
    published = toys.data.path / "run" / "environment"
    assert published.stat().st_mode & 0o777 == 0o600
    shell = 'set -a; . "$0"; printf "%s|%s" "$DATABASE_URL" "$CORS_ORIGINS"'
    printed = subprocess.run(
        ["/bin/sh", "-c", shell, str(published)], capture_output=True, text=True, check=True
    )
    known = from_lines(published.read_text())
    assert printed.stdout == f"{known['DATABASE_URL']}|{known['CORS_ORIGINS']}"


def test_a_reader_that_goes_away_does_not_stop_the_platform(toys: Toys, wait_for: WaitFor) -> None:
    assert toys.process.stdout
    toys.process.stdout.close()
    for _ in range(2):
        killed = toys.pid_of("http.server")
        os.kill(killed, signal.SIGKILL)
        wait_for(partial(is_back, toys, "http.server", killed))
    wait_for(toys.answers)


def test_asking_for_the_environment_never_disturbs_a_start(
    start_toys: StartToys, wait_for: WaitFor, tmp_path: Path
) -> None:
    toys = start_toys(tmp_path)
    while not is_ready(toys):
        pass
    toys.process.terminate()
    assert toys.process.wait(30) == 0


def test_verbose_shows_what_the_processes_print(
    start_toys: StartToys, wait_for: WaitFor, tmp_path: Path
) -> None:
    toys = start_toys(tmp_path, "--verbose")
    wait_for(lambda: is_ready(toys))
    time.sleep(0.1)
    toys.process.terminate()
    assert "stubborn | stubborn toy speaks" in toys.output_after_end()
