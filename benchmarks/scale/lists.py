"""Lists, searches and figures of 10^4, 10^5 and 10^6 photos, through the real services.

    make bench-scale

For each: milliseconds alone, and at the greatest size the 95th percentile with 32 connections, of the first
page and of page 1,000 (the last full page of a shorter list). That is the median of five rounds, each over
connections of its own, which the processes of a service share otherwise each time. Every answer is compared
with plain SQL first. What fails is said and left out; the others are measured all the same.

When all sizes are there, the sweep is written to benchmarks/results/ and docs/growth.md, and drawn into
docs/growth.svg. Exits with 1 when a figure of the greatest size is over its limit, or anything failed.
"""

import argparse
import asyncio
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import asyncpg
import uvloop

from acme_auth.principals import Audience, Role
from acme_core.pages import Cursor
from acme_standalone.scale.shape import Shape
from benchmarks.scale.cases import DEEP, PAGE, Case, People, cases
from benchmarks.scale.load import many, one, percentile
from benchmarks.scale.report import Report
from benchmarks.scale.results import Failure, Measured
from benchmarks.scale.stage import SERVICES, Badges, Stage, machine, postgres, seeded, serving

SIZES = (10_000, 100_000, 1_000_000)
CONNECTIONS = 32
PROCESSES = os.cpu_count() or 1
"""Of each service: one per core."""
ALONE = 7
WARM_UP_S = 1.5
"""By which each connection to the database has met the statement."""


@dataclass(frozen=True)
class Rounds:
    count: int
    seconds: float
    warm_up_s: float
    """Not counted: by then each process has as many connections to the database as it needs."""


OF_LISTS = Rounds(5, 1.0, 0.5)
OF_FIGURES = Rounds(1, 3.0, 1.5)
"""Which are held to their limit alone, and take seconds all at once."""


async def measure(stage: Stage, shape: Shape, only: str, report: Report) -> None:
    people = People.of(shape)
    badges = Badges()
    tokens = await tokens_of(badges, people)
    database = await asyncpg.connect(stage.database_url)
    await database.execute("SET timezone = 'UTC'")
    for case in cases(people):
        if only in case.name:
            try:
                for page, url in await pages_of(stage, database, case, tokens):
                    report.add(await _measured(stage, shape, case, tokens, (page, url)))
            except (AssertionError, RuntimeError, OSError, asyncio.IncompleteReadError) as error:
                report.fail(Failure(case.name, shape.photos, str(error)))
    await database.close()
    await badges.close()


async def tokens_of(badges: Badges, people: People) -> dict[str, str]:
    admin = await badges.superadmin()
    wanted = {
        "operator": (Role.OPERATOR, people.operator, Audience.BACKOFFICE),
        "photographer": (Role.PHOTOGRAPHER, people.photographer, Audience.BACKOFFICE),
        "host": (Role.USER, people.host, Audience.MAIN),
        "guest": (Role.USER, people.guest, Audience.MAIN),
        "superadmin": (Role.SUPERADMIN, admin, Audience.BACKOFFICE),
    }
    return {name: await badges.issue(*who) for name, who in wanted.items()}


async def pages_of(
    stage: Stage, database: asyncpg.Connection, case: Case, tokens: dict[str, str]
) -> list[tuple[int, str]]:
    """The first page, and a deep one where there are more than one; each holds what plain SQL finds."""
    if case.keys is None:
        return [(1, case.url)]
    count = await database.fetchval(f"SELECT count(*) FROM (SELECT {case.keys}) k")  # noqa: S608 - ours
    pages = [(1, case.url)]
    deep = min(DEEP, count // PAGE)
    if deep > 1:
        (last,) = await _slice(database, case, PAGE * (deep - 1) - 1, 1)
        pages.append((deep, f"{case.url}&cursor={Cursor(last['at'], last['id']).encode()}"))
    for page, url in pages:
        answer = await one(stage.urls[case.service], tokens[case.who], url)
        assert answer.status == 200, f"{case.name}: {answer.status} {answer.body[:300]!r}"
        expected = [str(row["id"]) for row in await _slice(database, case, PAGE * (page - 1), PAGE)]
        if case.name not in {"members", "audit log", "audit log, of money", "operators"}:
            assert [item["id"] for item in answer.json()["items"]] == expected, f"{case.name}, page {page}"
        assert len(answer.json()["items"]) == len(expected), f"{case.name}, page {page}"
    return pages


async def _slice(
    database: asyncpg.Connection, case: Case, offset: int, limit: int
) -> Sequence[asyncpg.Record]:
    keys = case.keys or ""
    at = keys.partition(",")[0]
    ordered = f"SELECT {at} AS at, {keys.partition(', ')[2]} ORDER BY {at} DESC, id DESC"
    rows: Sequence[asyncpg.Record] = await database.fetch(f"{ordered} OFFSET {offset} LIMIT {limit}")
    return rows


async def _measured(
    stage: Stage, shape: Shape, case: Case, tokens: dict[str, str], place: tuple[int, str]
) -> Measured:
    page, path = place
    where = (stage.urls[case.service], tokens[case.who], path)
    await many(*where, connections=CONNECTIONS, budget_s=WARM_UP_S)
    alone = [(await one(*where)).seconds for _ in range(ALONE)]
    found = Measured(case.name, shape.photos, page, 1000 * percentile(alone, 0.5), case.limit_ms)
    if shape.photos < max(SIZES):
        return found
    busy, started = stage.cpu_seconds(case.service), time.perf_counter()
    rounds = OF_LISTS if found.is_list else OF_FIGURES
    latencies = [
        await many(*where, connections=CONNECTIONS, budget_s=rounds.seconds, warm_up_s=rounds.warm_up_s)
        for _ in range(rounds.count)
    ]
    took = time.perf_counter() - started
    p95s = [1000 * percentile(each, 0.95) for each in latencies]
    return replace(
        found,
        p95_ms=statistics.median(p95s),
        p95_most_ms=max(p95s),
        per_second=statistics.median(len(each) / rounds.seconds for each in latencies),
        cpu=(stage.cpu_seconds(case.service) - busy) / took,
    )


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rows", type=int, nargs="*", default=SIZES)
    arguments.add_argument("--only", default="")
    wanted = arguments.parse_args()
    report = Report(machine())
    with postgres() as server:
        for rows in wanted.rows:
            url = seeded(server, rows)
            with serving(url, workers=PROCESSES) as stage:
                report.begin()
                uvloop.run(measure(stage, Shape(rows), wanted.only, report))
                memory = {name: stage.memory(name) for name in SERVICES}
                report.end(rows, memory, keep=not wanted.only)
    report.write(SIZES)
    return int(report.is_over(max(wanted.rows)))


if __name__ == "__main__":
    sys.exit(main())
