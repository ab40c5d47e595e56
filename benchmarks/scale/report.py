"""What is told of a sweep: lines as they come, and at its end the results, a page and a picture."""

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.scale.plot import draw
from benchmarks.scale.results import Failure, Measured
from benchmarks.scale.stage import DATA

ROOT = Path(__file__).resolve().parents[2]
_FIGURES = f"{'alone ms':>9} {'p95 of 32':>9} {'most':>6} {'per s':>9} {'cpu %':>6}"
HEAD = f"\n{'photos':>9} {'':<26} {'':>10} {_FIGURES}"
INTRODUCTION = """# Growth

What lists, searches and figures cost with 10<sup>4</sup>, 10<sup>5</sup> and 10<sup>6</sup> photos (and five
times as many tags, a fifth as many guests, a tenth as many purchases), asked by those who have the most.
Written by `make bench-scale`; `acme seed --scale` makes the rows. How the costs are kept down:
[decision 15](decisions/0015-figures-kept-and-marked.md),
[decision 16](decisions/0016-the-short-way-for-what-is-asked-most.md) and
[decision 22](decisions/0022-lists-as-plain-rows.md).

![Milliseconds and memory against rows](growth.svg)
"""
ALONE = """
## One request at a time

Milliseconds, median. The deep page is page 1,000, or the last full one of a shorter list.
"""
TOGETHER = """
## With 32 connections

At the greatest size, with one process per core: the 95th percentile, the median of five rounds and the most
of them, requests per second, and how much of a core the service had meanwhile. Each connection asks again
when it is answered; load generator, PostgreSQL and service share the machine's cores, so the bound is what 32
requests take one after another on all of them. More machines are what lowers it.
"""
MEMORY = """
## Memory

Resident MB of a service's largest process after all its lists.
"""


class Report:
    """Of the sizes measured now, and at the end of those kept from earlier runs: a sweep takes its time."""

    def __init__(self, machine: str) -> None:
        self._machine = machine
        self._lines: list[str] = []
        self._found: list[Measured] = []
        self._failed: list[Failure] = []
        self._memory: dict[int, dict[str, float]] = {}

    def begin(self) -> None:
        self._lines = []
        loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
        self._say(f"{self._machine}\nload average before: {loads}\n{HEAD}")

    def add(self, item: Measured) -> None:
        self._found.append(item)
        self._say(item.line)

    def fail(self, failure: Failure) -> None:
        self._failed.append(failure)
        self._say(failure.line)

    def end(self, rows: int, memory: dict[str, float], *, keep: bool) -> None:
        self._memory[rows] = memory
        self._say("resident: " + ", ".join(f"{name} {size:.0f} MB" for name, size in memory.items()))
        if keep:
            found = [asdict(item) for item in self._found if item.rows == rows]
            failed = [asdict(item) for item in self._failed if item.rows == rows]
            kept = {"lines": self._lines, "found": found, "failed": failed, "memory": memory}
            _kept(rows).write_text(json.dumps(kept))

    def is_over(self, rows: int) -> bool:
        return bool(self._failed) or any(item.is_over for item in self._found if item.rows == rows)

    def write(self, sizes: Sequence[int]) -> None:
        """Nothing, as long as a size is missing."""
        if not all(_kept(rows).exists() for rows in sizes):
            return
        kept = {rows: json.loads(_kept(rows).read_text()) for rows in sizes}
        self._found = [Measured(**item) for each in kept.values() for item in each["found"]]
        self._failed = [Failure(**item) for each in kept.values() for item in each["failed"]]
        self._memory = {rows: each["memory"] for rows, each in kept.items()}
        self._machine = kept[max(sizes)]["lines"][0]
        today = datetime.now(UTC).date()
        results = ROOT / "benchmarks" / "results" / f"scale-{today}.txt"
        lines = [line for each in kept.values() for line in each["lines"]]
        results.write_text("\n".join(lines) + "\n")
        (ROOT / "docs" / "growth.md").write_text("\n".join(self._page()) + "\n")
        draw(self._found, self._memory, ROOT / "docs" / "growth.svg")

    def _say(self, line: str) -> None:
        self._lines.append(line)
        print(line, flush=True)

    def _page(self) -> Iterator[str]:
        sizes = sorted(self._memory)
        heads = [f"{size:,}" for size in sizes]
        yield INTRODUCTION
        yield f"Measured on {'; '.join(self._machine.splitlines()[:3])}."
        yield ALONE
        yield from _table(["", "page", *heads], self._alone(sizes))
        yield TOGETHER
        last = [item for item in self._found if item.rows == sizes[-1]]
        yield from _table(
            ["", "page", "p95 ms", "most", "bound", "per second", "busy"], (_together(item) for item in last)
        )
        yield MEMORY
        services = self._memory[sizes[-1]]
        yield from _table(
            ["", *heads],
            ([name, *(f"{self._memory[size][name]:.0f}" for size in sizes)] for name in services),
        )
        yield from (f"\nFailed, at {item.rows:,} photos: {item.name}." for item in self._failed)

    def _alone(self, sizes: list[int]) -> Iterator[list[str]]:
        found: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
        for item in self._found:
            found[item.name, _place(item)][item.rows] = item.alone_ms
        for (name, page), values in found.items():
            yield [name, page, *(f"{values[size]:.1f}" if size in values else "" for size in sizes)]


def _together(item: Measured) -> list[str]:
    figures = (
        f"{item.p95_ms or 0:.0f}",
        f"{item.p95_most_ms or 0:.0f}",
        f"{32 * item.alone_ms:.0f}",
        f"{item.per_second:.0f}",
        f"{item.cpu:.0%}",
    )
    return [item.name, _place(item), *figures]


def _place(item: Measured) -> str:
    return "deep" if item.page > 1 else "first" if item.is_list else ""


def _table(heads: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|" + " --- |" + " ---: |" * (len(heads) - 1)
    yield from ("| " + " | ".join(row) + " |" for row in rows)


def _kept(rows: int) -> Path:
    return DATA / f"measured-{rows}.json"
