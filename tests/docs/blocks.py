"""The commands in the pages: found, and sorted by how they are tried."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ROOT / "docs" / "reference" / "cli.md"
_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^(?P=indent)```$", re.M | re.S)
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_MARK = re.compile(r"<!-- (\w+): ([\w.]+) -->\s*\Z")


class Kind(StrEnum):
    RUN = "run"
    """In the page's shell, against the platform."""
    TRY = "try"
    """Never ends, or takes minutes: what it would do is looked at."""
    NEEDS = "needs"
    """What no test has: see `NEEDS`."""
    FILE = "file"
    """No command: what the page's commands work on."""


LANGUAGES = {"sh", "ini", "json", "python", "sql", "text"}
"""Of blocks: `sh` is what people type, everything else is not."""
PROGRAMS = ("make", "acme", "python", "npm")
"""Whose commands within a sentence are looked up."""
NEEDS = {"account", "server", "docker", "cluster"}
"""An account with somebody, a server of one's own, a Docker engine, a Kubernetes cluster."""


@dataclass(frozen=True)
class Block:
    page: Path
    line: int
    language: str
    text: str
    kind: Kind
    argument: str = ""

    @property
    def is_command(self) -> bool:
        return self.language in {"sh", "bash", "console", "shell"}

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> Sequence[Path]:
    root = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
    found = [*(ROOT / name for name in root), *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in found if page != GENERATED]


def blocks(page: Path) -> Iterator[Block]:
    source = page.read_text()
    for match in _FENCE.finditer(source):
        before = source[: match.start()]
        mark = _MARK.search(before)
        line, text = before.count("\n") + 1, dedent(match["text"])
        kind, argument = (Kind(mark[1]), mark[2]) if mark else (_unmarked(text), "")
        yield Block(page, line, match["language"], text, kind, argument)


def outside_of_fences(page: Path) -> str:
    """With its lines where they were."""
    return _FENCE.sub(lambda match: "\n" * match[0].count("\n"), page.read_text())


def indented(page: Path) -> list[int]:
    """Lines that Markdown shows as code without a fence: indented, after an empty line, in no list."""
    found, in_list, was_empty = [], False, True
    for number, line in enumerate(outside_of_fences(page).splitlines(), start=1):
        if line.strip() and not line.startswith(" "):
            in_list = re.match(r"([-*]|\d+\.) ", line) is not None
        if was_empty and line.startswith("    ") and line.strip() and not in_list:
            found.append(number)
        was_empty = not line.strip()
    return found


def in_sentences(page: Path) -> Iterator[str]:
    """Commands of ours that a sentence names."""
    for command in _CODE.findall(outside_of_fences(page)):
        program, _, rest = command.removeprefix(".venv/bin/").partition(" ")
        if program in PROGRAMS and re.match(r"[a-z]|-m ", rest):
            yield f"{program} {rest}"


def _unmarked(text: str) -> Kind:
    """What `make` does takes minutes, or is these very tests: its targets are resolved, not made."""
    programs = {line.split()[0] for line in text.splitlines() if line.strip() and not line.startswith("#")}
    return Kind.TRY if programs == {"make"} else Kind.RUN


def of_interest(page: Path) -> list[Block]:
    """Commands, and the files that they work on."""
    return [block for block in blocks(page) if block.is_command or block.kind is Kind.FILE]
