"""Writes the pages of docs/reference/ that code knows best: settings, commands, jobs, diagram of the schema.

`--check` says whether they are up to date.
"""

import hashlib
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.pages import jobs, schema, settings

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
WRITTEN = "This page is written by `make openapi`.\n"


def command_line() -> str:
    """As typer writes it."""
    command = [
        str(Path(sys.executable).parent / "typer"),
        "acme_standalone.cli",
        "utils",
        "docs",
        "--name",
        "acme",
    ]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    head, _, rest = said.replace("&#x27;", "'").replace("&quot;", '"').partition("\n")
    return f"# The command line\n\n{WRITTEN}\n{head}\n{rest.rstrip()}\n".replace("# `acme`\n", "", 1)


def diagram() -> str:
    """Drawn anew only where the models have changed: the drawing carries the digest of what it shows."""
    drawing = FOLDER / "schema.svg"
    source = schema.source()
    mark = f"<!-- {hashlib.sha256(source.encode()).hexdigest()} -->\n"
    known = drawing.read_text() if drawing.is_file() else ""
    return known if known.endswith(mark) else _drawn(source) + mark


def _drawn(source: str) -> str:
    if "--check" in sys.argv:
        return ""
    script = f"node {ROOT / 'tools' / 'diagram.mjs'}"
    command = [str(ROOT / "tools" / "npm"), "exec", "--silent", "-c", script]
    done = subprocess.run(
        command, cwd=ROOT / "frontends", input=source, check=True, capture_output=True, text=True
    )
    return done.stdout[done.stdout.index("<svg") :]


PAGES: Mapping[str, Callable[[], str]] = {
    "settings.md": lambda: settings.page(WRITTEN),
    "cli.md": command_line,
    "jobs.md": lambda: jobs.page(WRITTEN),
    "schema.svg": diagram,
}


def main() -> int:
    outdated = []
    for name, page in PAGES.items():
        path, text = FOLDER / name, page()
        if path.is_file() and path.read_text() == text:
            continue
        outdated.append(name)
        if "--check" not in sys.argv:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
    if outdated and "--check" in sys.argv:
        print(f"Out of date: {', '.join(outdated)} under docs/reference. Run `make openapi`.")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
