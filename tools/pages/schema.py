"""The diagram of the schema, in Graphviz's language: a box for each table, an arrow for each foreign key."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from sqlalchemy import Column, Table

from acme_db.models import Base

AREAS: Mapping[str, tuple[str, Sequence[str]]] = {
    "Accounts": ("#dbeafe", ("users", "operators", "photographers", "superadmins", "auth_", "refresh_t")),
    "Signing in": ("#e0e7ff", ("one_time", "second_", "recovery_")),
    "Events": ("#dcfce7", ("project", "package", "qr_", "watermarks")),
    "Photos": ("#fef9c3", ("photos", "photo_", "favourites", "figure")),
    "Faces": ("#fce7f3", ("face_", "selfies", "match_", "provider_", "shadow_", "user_consents", "erasure")),
    "Money": ("#ffedd5", ("purchase", "refund_r", "stripe_")),
    "Machinery": ("#f3f4f6", ("outbox", "audit_", "webhook_")),
}
ABREAST = 4
HEAD = """digraph schema {
  graph [rankdir=LR, nodesep=0.25, ranksep=1.1, bgcolor=white, fontname="Helvetica"]
  node [shape=plain, fontname="Helvetica", fontsize=11]
  edge [color="#6b7280", arrowsize=0.6]
"""


def source() -> str:
    tables = sorted(Base.metadata.tables.values(), key=lambda table: table.name)
    edges = [line for each in tables for line in _edges(each)]
    return HEAD + "".join([*map(_node, tables), *edges, *_rows(_alone(tables))]) + "}\n"


def _alone(tables: Sequence[Table]) -> list[str]:
    linked = {key.column.table.name for table in tables for key in table.foreign_keys}
    return [table.name for table in tables if not table.foreign_keys and table.name not in linked]


def _rows(names: Sequence[str]) -> Iterator[str]:
    """What nothing points at would stand in one long column."""
    for place, (left, right) in enumerate(pairwise(names), start=1):
        if place % ABREAST:
            yield f"  {left} -> {right} [style=invis]\n"


def _node(table: Table) -> str:
    rows = "".join(map(_row, table.columns))
    head = f'<tr><td bgcolor="{_colour(table.name)}" colspan="2"><b>{table.name}</b></td></tr>'
    box = f'<table border="0" cellborder="1" cellspacing="0" color="#9ca3af">{head}{rows}</table>'
    return f"  {table.name} [label=<{box}>]\n"


def _row(column: Column[object]) -> str:
    """What is a key is bold, what may be null is in italics."""
    name = f"<b>{column.name}</b>" if column.primary_key else column.name
    name = f"<i>{name}</i>" if column.nullable else name
    kind = f'<font color="#4b5563">{str(column.type).lower()}</font>'
    return f'<tr><td align="left">{name}</td><td align="left" port="{column.name}">{kind}</td></tr>'


def _edges(table: Table) -> Iterator[str]:
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
        yield f"  {table.name}:{key.parent.name}:e -> {key.column.table.name}:w\n"


def _colour(name: str) -> str:
    return next(
        (colour for colour, beginnings in AREAS.values() if name.startswith(tuple(beginnings))), "#ffffff"
    )
