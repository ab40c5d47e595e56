"""One line of PostgreSQL's COPY for each row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

NULL = r"\N"


@dataclass(frozen=True)
class Rows:
    table: str
    columns: str
    lines: Iterable[str]


def line(*values: object) -> str:
    """Values are ours: none has a tab, a line break or a backslash in it."""
    return "\t".join([NULL if value is None else str(value) for value in values]) + "\n"


def stamp(moment: datetime) -> str:
    return moment.isoformat()
