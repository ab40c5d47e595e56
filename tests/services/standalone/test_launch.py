"""What a launched program may do, and when it ends."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from acme_standalone.processes.command import LAUNCH, Command, CommandFailedError
from acme_standalone.processes.identity import Identity, unprivileged_identity

NOBODY = Identity(65534, 65534)
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
STATUS = "/proc/self/status"


def status_of(program: Path, identity: Identity) -> dict[str, str]:
    printed = Command((str(program), STATUS), {}, identity=identity, reach=(program,)).run()
    return {name: text.strip() for name, _, text in (line.partition(":") for line in printed.splitlines())}


@pytest.fixture
def closed_cat(tmp_path: Path) -> Path:
    """A program in a folder that only root may enter."""
    tmp_path.chmod(0o700)
    return Path(shutil.copy("/bin/cat", tmp_path / "cat"))


@needs_root
def test_a_dropped_user_keeps_no_capability() -> None:
    status = status_of(Path("/bin/cat"), NOBODY)
    assert status["Uid"].split() == ["65534"] * 4
    assert status["Gid"].split() == ["65534"] * 4
    assert int(status["CapEff"], 16) == 0
    assert int(status["CapPrm"], 16) == 0


@needs_root
def test_a_program_in_a_closed_folder_starts_with_the_one_capability_that_it_needs(closed_cat: Path) -> None:
    mode = closed_cat.parent.stat().st_mode
    status = status_of(closed_cat, NOBODY)
    assert status["Uid"].split() == ["65534"] * 4
    assert int(status["CapEff"], 16) in (1 << 1, 1 << 2)
    assert closed_cat.parent.stat().st_mode == mode


@needs_root
def test_without_that_capability_the_message_says_so(closed_cat: Path) -> None:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("setpriv is not installed")
    dropped = "--bounding-set=-dac_override,-dac_read_search"
    plan = {"parent": 0, "death_signal": 9, "uid": 65534, "gid": 65534, "reach": [str(closed_cat)]}
    launch = (sys.executable, "-I", "-S", str(LAUNCH), json.dumps(plan), str(closed_cat))
    with pytest.raises(CommandFailedError, match="closed folder"):
        Command((setpriv, dropped, "--inh-caps=-all", *launch), {}).run()


def test_a_missing_program_is_reported() -> None:
    with pytest.raises(CommandFailedError, match="Cannot start /nowhere/program"):
        Command(("/nowhere/program",), {}).run()


def test_a_program_is_not_started_when_its_parent_has_gone(
    run_python: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    plan: dict[str, object] = {"parent": 1 << 22, "death_signal": 9, "uid": None, "gid": None, "reach": []}
    done = run_python("-I", "-S", str(LAUNCH), json.dumps(plan), "/bin/echo", "started")
    assert done.returncode == 1
    assert "started" not in done.stdout


LAUNCHER = """
import sys, time
from pathlib import Path
from acme_standalone.processes.command import Command
print(Command(("/bin/sleep", "601"), {}).spawn(Path(sys.argv[1])).pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the death signal is Linux's")
def test_a_program_dies_with_its_launcher(
    tmp_path: Path,
    start_script: Callable[..., subprocess.Popen[str]],
    wait_for: Callable[[Callable[[], bool]], None],
) -> None:
    launcher = start_script("-c", LAUNCHER, str(tmp_path / "log"))
    assert launcher.stdout
    pid = int(launcher.stdout.readline())
    assert psutil.pid_exists(pid)
    launcher.send_signal(signal.SIGKILL)
    wait_for(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


@needs_root
def test_roots_database_runs_as_the_owner_of_the_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    assert unprivileged_identity(home / "cluster") == NOBODY
    os.chown(home, 1234, 1235)
    assert unprivileged_identity(home / "cluster") == Identity(1234, 1235)
