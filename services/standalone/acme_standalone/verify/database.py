"""Holds the promises about rows against one snapshot of the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from acme_standalone.verify.findings import SHOWN, Finding
from acme_standalone.verify.rules import RULES, VIEWS, Rule


async def check_rows(engine: AsyncEngine, rules: Sequence[Rule] = RULES) -> list[Finding]:
    """All of one instant: what is written meanwhile does not make rules disagree."""
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    async with engine.connect() as plain:
        connection = await plain.execution_options(**options)
        async with connection.begin():
            return [await hold(connection, rule) for rule in rules]


async def hold(connection: AsyncConnection, rule: Rule) -> Finding:
    counted = f"{VIEWS} SELECT count(*), (array_agg(id))[1:{SHOWN}] FROM ({rule.broken_by}) broken(id)"  # noqa: S608 - our own words
    found: Sequence[Any] = (await connection.exec_driver_sql(counted)).one()
    count, examples = found
    return Finding(rule.promise, count, [str(example) for example in examples or ()])
