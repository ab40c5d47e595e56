"""Writes the table of docs/trace.md from the trace that `make trace` has kept, and nothing else."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.tables import keep, markdown

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "docs" / "traces" / "upload.txt"
PAGE = ROOT / "docs" / "trace.md"
LINE = re.compile(r" *(?P<start>[\d.]+) +(?P<length>[\d.]+)  (?P<indent> *)(?P<name>\S.*?) +(?P<service>\S+)")
DETAILS = {"db": "statements", "storage": "object store"}


@dataclass
class Step:
    """A request or a job, and how many calls it made itself."""

    start: str
    length: str
    depth: int
    name: str
    service: str
    calls: Counter[str] = field(default_factory=Counter)

    def row(self) -> tuple[str, ...]:
        calls = ", ".join(f"{DETAILS[kind]}: {count}" for kind, count in sorted(self.calls.items()))
        return self.start, self.length, f"{'→ ' * self.depth}{self.name}", self.service, calls


def steps(text: str) -> Iterator[Step]:
    """Raises ValueError where a line is none of a trace."""
    step = None
    for line in text.splitlines()[1:]:
        match = LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"no span: {line!r}")
        kind = match["name"].partition(" ")[0]
        if step is not None and kind in DETAILS:
            step.calls[kind] += 1
            continue
        if step is not None:
            yield step
        step = Step(
            match["start"], match["length"], len(match["indent"]) // 2, match["name"], match["service"]
        )
    if step is not None:
        yield step


def table() -> str:
    head = ("From ms", "For ms", "What", "Where", "Of it")
    return markdown(head, [step.row() for step in steps(KEPT.read_text())])


def main() -> int:
    return keep(PAGE, {"steps": table()})


if __name__ == "__main__":
    raise SystemExit(main())
