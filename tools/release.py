"""`make release VERSION=1.2.3`: what a release would be, made beside the checkout; `WRITE=1` writes it down.

The version is that of the workspace's own pyproject.toml. Every package, the images, the chart, the OpenAPI
documents and the lock repeat it, and `--check` says whether they do. A running service asks its
own package; the web apps have none.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
HEADINGS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")


class NotReadyError(Exception):
    """The message says what to do first."""


def members(root: Path) -> list[Path]:
    return sorted([*root.glob("libs/*/pyproject.toml"), *root.glob("services/*/pyproject.toml")])


def places(root: Path) -> Mapping[Path, Sequence[str]]:
    """Where the version stands beside the lock: how, once in each file."""
    return {
        **{path: ['version = "{}"\ndescription = '] for path in (root / "pyproject.toml", *members(root))},
        **{path: ['"version": "{}"'] for path in sorted(root.glob("openapi/*.json"))},
        root / "deploy/Dockerfile": ["\nARG ACME_VERSION={}\n"],
        root / "deploy/helm/acme-photos/Chart.yaml": ["\nversion: {}\n", 'appVersion: "{}"'],
    }


def current(root: Path) -> str:
    version: str = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    return version


def disagreeing(root: Path) -> list[str]:
    """What does not repeat the version of the workspace."""
    wanted = current(root)
    wrong = [
        str(path.relative_to(root))
        for path, ways in places(root).items()
        if any(way.format(wanted) not in path.read_text() for way in ways)
    ]
    return [*wrong, *_of_lock(root, wanted)]


def _of_lock(root: Path, wanted: str) -> list[str]:
    packages = tomllib.loads((root / "uv.lock").read_text())["package"]
    return [
        f"uv.lock: {package['name']}"
        for package in packages
        if {"editable", "virtual"} & set(package["source"]) and package["version"] != wanted
    ]


def released(changelog: str, version: str, day: date) -> str:
    """What is unreleased becomes this version's. Raises NotReadyError when there is nothing of it."""
    head, mark, rest = changelog.partition("## [Unreleased]\n")
    notes, separator, older = rest.partition("\n## [")
    if not mark:
        raise NotReadyError("CHANGELOG.md has no part `## [Unreleased]`.")
    if not re.search(r"^- \S", notes, flags=re.MULTILINE):
        raise NotReadyError("CHANGELOG.md says nothing of what is new: write it under `## [Unreleased]`.")
    unknown = set(re.findall(r"^### (.+)$", notes, flags=re.MULTILINE)) - set(HEADINGS)
    if unknown:
        raise NotReadyError(
            f"CHANGELOG.md has headings that Keep a Changelog has not: {', '.join(sorted(unknown))}."
        )
    return f"{head}{mark}\n## [{version}] - {day.isoformat()}\n{notes}{separator}{older}"


def require_newer(version: str, than: str) -> None:
    """Raises NotReadyError."""
    new, old = VERSION.fullmatch(version), VERSION.fullmatch(than)
    if new is None:
        raise NotReadyError(f"{version!r} is no version: say MAJOR.MINOR.PATCH.")
    if old is not None and tuple(map(int, new.groups())) <= tuple(map(int, old.groups())):
        raise NotReadyError(f"{version} is not newer than {than}.")


def changes(root: Path, version: str, day: date) -> Mapping[Path, str]:
    """The files of a release, as they would be."""
    old = current(root)
    require_newer(version, old)
    changed = {path: path.read_text() for path in places(root)}
    for path, ways in places(root).items():
        for way in ways:
            changed[path] = _replaced_once(changed[path], way.format(old), way.format(version), path)
    log = root / "CHANGELOG.md"
    changed[log] = released(log.read_text(), version, day)
    return changed


def _replaced_once(text: str, old: str, new: str, path: Path) -> str:
    if text.count(old) != 1:
        raise NotReadyError(f"{path.name} must have {old.strip()!r} once.")
    return text.replace(old, new)


def write(changed: Mapping[Path, str], root: Path, into: Path) -> None:
    for path, text in changed.items():
        (into / path.relative_to(root)).write_text(text)
    _uv("lock", "--quiet", "--offline", folder=into)


def build(folder: Path, wheels: Path) -> list[str]:
    _uv("build", "--quiet", "--all-packages", "--wheel", "--out-dir", str(wheels), folder=folder)
    return sorted(path.name for path in wheels.glob("*.whl"))


def copied(root: Path, into: Path) -> Path:
    """What git knows, and nothing that lies about."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True)  # noqa: S607 - whichever git there is
    _copy(root, into, (name for name in listed.stdout.split("\0") if name))
    return into


def _copy(root: Path, into: Path, names: Iterable[str]) -> None:
    for name in names:
        if (root / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, into / name)


def _uv(*arguments: str, folder: Path) -> None:
    finder = [ROOT / "tools" / "find-uv"]
    found = subprocess.run(finder, capture_output=True, text=True, check=True)
    subprocess.run([found.stdout.strip(), *arguments], cwd=folder, check=True)


def rehearse(root: Path, version: str, day: date) -> list[str]:
    """The wheels of the release, built from a copy that is thrown away."""
    changed = changes(root, version, day)
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(root, Path(folder) / "checkout")
        write(changed, root, copy)
        return build(copy, Path(folder) / "wheels")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make release")
    parser.add_argument("version", nargs="?")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.check or given.version is None:
        wrong = disagreeing(ROOT)
        print(
            "\n".join(f"{name} is not of version {current(ROOT)}" for name in wrong),
            end="\n" if wrong else "",
        )
        return int(bool(wrong))
    try:
        today = datetime.now(UTC).date()
        wheels = rehearse(ROOT, given.version, today)
    except NotReadyError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{given.version} would be these wheels:", *wheels, sep="\n  ")
    if given.write:
        write(changes(ROOT, given.version, today), ROOT, ROOT)
        print(f"Written. Look at it, commit it, and tag the commit v{given.version}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
