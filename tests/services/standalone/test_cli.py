import json
import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from acme_standalone.doctor import Level, examine
from acme_standalone.settings.ports import Ports
from acme_standalone.supervisor.state import AlreadyRunningError, DataDirectory

Acme = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def acme(run_python: Callable[..., subprocess.CompletedProcess[str]]) -> Acme:
    def run(*arguments: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        known = {"ACME_DATA_DIR": str(data), "COLUMNS": "200", **environment}
        return run_python("-m", "acme_standalone", *arguments, **known)

    return run


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    directory = DataDirectory.chosen(tmp_path / "data")
    directory.create()
    return directory


def test_env_without_a_platform_says_how_to_start_one(acme: Acme, tmp_path: Path) -> None:
    done = acme("env", data=tmp_path / "data")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "No platform runs" in done.stderr
    assert "make up" in done.stderr


def test_env_prints_what_was_published_while_the_platform_runs(acme: Acme, data: DataDirectory) -> None:
    lock = data.lock({"Main API": "http://127.0.0.1:1"})
    assert "still starting" in acme("env", data=data.path).stderr
    data.publish_environment({"B": "2", "A": "one two"})
    assert acme("env", data=data.path).stdout == "A='one two'\nB=2\n"
    lock.release()
    assert acme("env", data=data.path).returncode == 1


def test_the_lock_names_its_holder(acme: Acme, data: DataDirectory) -> None:
    lock = data.lock({"Main API": "http://127.0.0.1:1"})
    with pytest.raises(AlreadyRunningError, match=rf"pid {os.getpid()}\n  Main API: http://127.0.0.1:1"):
        data.lock({})
    lock.release()
    data.lock({}).release()


def test_an_empty_note_of_a_starting_holder_is_no_error(data: DataDirectory) -> None:
    lock = data.lock({})
    (data.path / "run" / "lock").write_text("")
    assert data.holder() == "it has just been started"
    lock.release()


def test_up_refuses_production(acme: Acme, tmp_path: Path) -> None:
    done = acme("up", data=tmp_path / "data", ACME_ENV="production")
    assert done.returncode == 1
    assert "ACME_ENV=production" in done.stderr
    assert not (tmp_path / "data").exists()


def test_the_mailbox_refuses_production(
    run_python: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    done = run_python("-m", "acme_standalone.mailbox", "--dir", str(tmp_path), ACME_ENV="production")
    assert done.returncode == 1
    assert "ACME_ENV=production" in done.stderr


def test_the_data_lie_in_the_workspace_unless_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "uv.lock").touch()
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    monkeypatch.delenv("ACME_DATA_DIR", raising=False)
    assert DataDirectory.chosen().path == tmp_path / ".data"
    monkeypatch.setenv("ACME_DATA_DIR", str(tmp_path / "moved"))
    assert DataDirectory.chosen().path == tmp_path / "moved"
    assert DataDirectory.chosen(tmp_path / "given").path == tmp_path / "given"


def test_the_doctor_finds_this_machine_well(acme: Acme, tmp_path: Path) -> None:
    moves = [part for name in Ports.names() for part in ("--port", f"{name}=0")]
    done = acme("doctor", *moves, data=tmp_path / "data")
    assert done.returncode == 0, done.stdout
    assert "PostgreSQL) 18" in done.stdout
    assert "Valkey server" in done.stdout
    assert not (tmp_path / "data").exists(), "looking changes nothing"


def test_the_doctor_tells_of_web_apps_that_are_not_built(acme: Acme, tmp_path: Path) -> None:
    moves = [part for name in Ports.names() for part in ("--port", f"{name}=0")]
    built = tmp_path / "built"
    wide = str(10 * len(str(built)))
    missing = acme("doctor", *moves, data=tmp_path / "data", ACME_WEB_DIST=str(built), COLUMNS=wide)
    assert missing.returncode == 0, "the platform runs without them"
    assert f"not built: {built / 'backoffice'}, {built / 'main'}" in missing.stdout
    assert "make web" in missing.stdout
    for app in ("backoffice", "main"):
        (built / app).mkdir(parents=True)
        (built / app / "index.html").touch()
    assert "not built" not in acme("doctor", *moves, data=tmp_path / "data", ACME_WEB_DIST=str(built)).stdout


def test_the_doctor_names_a_taken_port_and_the_way_out(acme: Acme, tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        moves = [part for name in Ports.names() for part in ("--port", f"{name}=0")]
        done = acme("doctor", *moves, "--port", f"main={taken}", data=tmp_path / "data")
    assert done.returncode == 1
    assert f"{taken} (main) is taken by" in done.stdout
    assert "--port main=N" in done.stdout


def test_the_doctor_tells_of_a_killed_platform_and_of_a_running_one(data: DataDirectory) -> None:
    cluster = data.path / "postgres" / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "postmaster.pid").touch()
    levels = {finding.subject: finding.level for finding in examine(data, Ports())}
    assert levels["platform"] is Level.WARN
    lock = data.lock({})
    running = {finding.subject: finding for finding in examine(data, Ports())}
    assert json.dumps(running["platform"].detail).count(str(os.getpid())) == 1
    assert not {"port", "ports"} & running.keys(), "its own ports are no fault"
    lock.release()
