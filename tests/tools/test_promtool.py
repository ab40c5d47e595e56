"""Where promtool comes from, and that a machine without it loses nothing but its tests."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """With programs of its own alone: those of a shell, and no promtool."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "find-promtool", tmp_path / "tools")
    (tmp_path / "bin").mkdir()
    for name in ("dirname", "mkdir", "rm", "sh", "timeout"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or name)
    return tmp_path


def find(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command, own = [str(checkout / "tools" / "find-promtool"), *arguments], str(checkout / "bin")
    return subprocess.run(
        command, env={**os.environ, "PATH": own}, capture_output=True, text=True, check=False
    )


def put(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_that_of_the_machine_comes_before_that_of_the_checkout(checkout: Path) -> None:
    own = put(checkout / ".tools/prometheus/usr/bin/promtool", "exit 0")
    assert find(checkout).stdout.strip() == str(own)
    machines = put(checkout / "bin" / "promtool", "exit 0")
    assert find(checkout).stdout.strip() == str(machines)


def test_without_it_a_word_says_where_it_is_to_be_had(checkout: Path) -> None:
    done = find(checkout)
    assert (done.returncode, done.stdout) == (1, "")
    assert "in the package prometheus" in done.stderr
    assert not (checkout / ".tools").exists()


@pytest.mark.parametrize("apt", [None, "exit 100"])
def test_where_apt_does_not_answer_nothing_half_done_is_left(checkout: Path, apt: str | None) -> None:
    put(checkout / "bin" / "dpkg-deb", "exit 0")
    if apt is not None:
        put(checkout / "bin" / "apt-get", apt)
    done = find(checkout, "--unpack")
    assert (done.returncode, done.stdout) == (1, "")
    assert not (checkout / ".tools" / "prometheus").exists()
