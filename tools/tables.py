"""A part of a page that a tool writes, between two marks; `--check` says whether it is up to date."""

import sys
from collections.abc import Sequence
from pathlib import Path


def rewritten(page: str, name: str, table: str) -> str:
    """Raises ValueError where the page has no such marks."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, mark, rest = page.partition(begin)
    _, other_mark, after = rest.partition(end)
    if not (mark and other_mark):
        raise ValueError(f"the page lacks {begin} or {end}")
    return f"{before}{begin}\n{table.strip()}\n{end}{after}"


def markdown(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def keep(page: Path, tables: dict[str, str]) -> int:
    """Writes the tables into the page, or with `--check` compares; the status for the shell."""
    before = page.read_text()
    after = before
    for name, table in tables.items():
        after = rewritten(after, name, table)
    if sys.argv[1:] == ["--check"]:
        if after != before:
            print(f"Out of date: docs/{page.name}. Run `make deploy-files`.")
        return int(after != before)
    page.write_text(after)
    return 0
