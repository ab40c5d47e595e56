"""For migrations of large tables: an index that is built beside the traffic.

A migration may import this, and this alone, of the application: it names no table and changes with none.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from alembic import op

_INVALID = sa.text("SELECT NOT indisvalid FROM pg_index WHERE indexrelid = to_regclass(quote_ident(:name))")
"""What a build that was interrupted, or met a duplicate, leaves behind: kept up, and never used."""


def create_index_online(
    name: str, table: str, columns: Sequence[str | sa.TextClause], **options: Any
) -> None:
    """As `op.create_index`, without keeping writers waiting. Run again, it goes on where it was interrupted.

    What came before it in its migration is committed first, so let an index be a migration's only content. It
    waits for the transactions that are open, however long they take: migrations' time-outs are off meanwhile.
    """
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        with _without_timeouts(connection):
            if connection.scalar(_INVALID, {"name": name}):
                _drop(name)
            op.create_index(name, table, columns, postgresql_concurrently=True, if_not_exists=True, **options)


def drop_index_online(name: str) -> None:
    with op.get_context().autocommit_block(), _without_timeouts(op.get_bind()):
        _drop(name)


def _drop(name: str) -> None:
    op.drop_index(name, postgresql_concurrently=True, if_exists=True)


class _without_timeouts:  # noqa: N801 - used as a function
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._before: dict[str, str] = {}

    def __enter__(self) -> None:
        for name in ("lock_timeout", "statement_timeout"):
            self._before[name] = str(self._connection.scalar(sa.text(f"SHOW {name}")))
            self._connection.execute(sa.text(f"SET {name} = 0"))

    def __exit__(self, *error: object) -> None:
        for name, value in self._before.items():
            self._connection.execute(sa.text(f"SET {name} = '{value}'"))
