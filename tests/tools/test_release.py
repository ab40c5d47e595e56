"""What a release says of itself, and that it is made beside the checkout."""

import json
import re
import subprocess
import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml

from acme_core.version import VERSION
from tools import release
from tools.release import (
    NotReadyError,
    changes,
    copied,
    current,
    disagreeing,
    rehearse,
    released,
    require_newer,
)

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2027, 1, 2)
LICENCE = "LicenseRef-Proprietary"
LOG = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Something.\n\n## [0.1.0] - 2026-11-21\n\n- All.\n"


def tracked(*patterns: str) -> list[str]:
    command = ["git", "ls-files", *patterns]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()


def test_everything_is_of_one_version() -> None:
    assert disagreeing(ROOT) == []


def test_what_is_of_another_version_is_named(tmp_path: Path) -> None:
    copy = copied(ROOT, tmp_path)
    text = (copy / "pyproject.toml").read_text()
    (copy / "pyproject.toml").write_text(text.replace(f'version = "{current(ROOT)}"', 'version = "9.9.9"', 1))
    wrong = disagreeing(copy)
    images, chart = "deploy/Dockerfile", "deploy/helm/acme-photos/Chart.yaml"
    assert {images, chart, "openapi/main.json", "libs/core/pyproject.toml"} <= set(wrong)
    assert "uv.lock: acme-photo-platform" in wrong


def test_what_runs_tells_the_version_that_is_released() -> None:
    assert current(ROOT) == VERSION


def test_nothing_says_another_licence_than_the_licence() -> None:
    assert "All rights reserved" in (ROOT / "LICENSE").read_text()
    for path in (ROOT / "pyproject.toml", *release.members(ROOT)):
        project = tomllib.loads(path.read_text())["project"]
        assert (project["license"], project["classifiers"]) == (LICENCE, ["Private :: Do Not Upload"]), path
    for name in tracked("*package.json"):
        package = json.loads((ROOT / name).read_text())
        assert (package["license"], package["private"]) == ("UNLICENSED", True), name
    chart = yaml.safe_load((ROOT / "deploy/helm/acme-photos/Chart.yaml").read_text())
    assert chart["annotations"]["licenses"] == LICENCE


def test_what_was_unreleased_becomes_the_versions() -> None:
    assert released(LOG, "0.2.0", DAY) == LOG.replace(
        "## [Unreleased]\n\n### Added", "## [Unreleased]\n\n## [0.2.0] - 2027-01-02\n\n### Added"
    )


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (LOG.replace("- Something.\n", ""), "says nothing of what is new"),
        (LOG.replace("### Added", "### Stuff"), "Stuff"),
        (LOG.replace("## [Unreleased]", "## Next"), "no part"),
    ],
)
def test_a_changelog_that_is_not_ready_stops_it(log: str, said: str) -> None:
    with pytest.raises(NotReadyError, match=said):
        released(log, "0.2.0", DAY)


@pytest.mark.parametrize("version", ["0.1.0", "0.0.9", "1.0", "v1.0.0", "1.0.0rc1"])
def test_a_version_must_be_newer_and_whole(version: str) -> None:
    with pytest.raises(NotReadyError):
        require_newer(version, "0.1.0")
    require_newer("0.10.0", "0.9.9")


def test_the_changelog_is_in_order_and_tells_of_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    versions = re.findall(r"^## \[([^\]]+)\]", text, flags=re.MULTILINE)
    assert versions[:2] == ["Unreleased", current(ROOT)]
    numbers = [tuple(map(int, version.split("."))) for version in versions[1:]]
    assert numbers == sorted(numbers, reverse=True)


def test_a_rehearsal_builds_every_wheel_and_changes_nothing() -> None:
    before = {path: path.read_text() for path in changes(ROOT, "99.0.0", DAY)}
    wheels = rehearse(ROOT, "99.0.0", DAY)
    assert len(wheels) == len(release.members(ROOT))
    assert all("-99.0.0-py3-none-any.whl" in name for name in wheels)
    assert {path: path.read_text() for path in before} == before


def test_hooks_before_a_commit_are_what_make_check_runs() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (targets,) = re.findall(r"^check: (.+?) ##", makefile, flags=re.MULTILINE)
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert [hook["entry"] for hook in hooks] == [f"make {target}" for target in targets.split()]
    for hook in hooks:
        assert (hook["language"], hook["pass_filenames"], hook["always_run"]) == ("system", False, True)
    assert set(targets.split()) == set(re.findall(r"^(check-[a-z]+):", makefile, flags=re.MULTILINE))


def test_what_a_repository_should_have_is_there() -> None:
    assert {"LICENSE", "SECURITY.md", "CHANGELOG.md", "renovate.json"} <= set(tracked())
