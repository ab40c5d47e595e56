"""Lists, searches and figures of 10^4, 10^5 and 10^6 photos, through the real services.

    make bench-scale

For each: seconds alone, and the 95th percentile with 32 connections, of the first page and of page 1,000 (the
last full page of a shorter list). Every answer is compared with plain SQL first. The growth is drawn into
docs/growth.svg. Exits with 1 when a figure of the greatest size is over its limit.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import asyncpg

from acme_auth.principals import Audience, Role
from acme_core.pages import Cursor
from acme_standalone.scale.shape import Shape
from benchmarks.scale.cases import DEEP, PAGE, Case, People, cases
from benchmarks.scale.load import many, one, percentile
from benchmarks.scale.plot import draw
from benchmarks.scale.stage import DATA, SERVICES, Badges, Stage, machine, postgres, seeded, serving

SIZES = (10_000, 100_000, 1_000_000)
CONNECTIONS = 32
ALONE = 9
BUDGET_S = 0.8
RESULTS = DATA / "lists.json"


@dataclass(frozen=True)
class Measured:
    name: str
    rows: int
    page: int
    alone_ms: float
    p95_ms: float
    per_second: float
    limit_ms: float


async def measure(stage: Stage, shape: Shape, only: str) -> list[Measured]:
    people = People.of(shape)
    badges = Badges()
    tokens = await _tokens(badges, people)
    database = await asyncpg.connect(stage.database_url)
    await database.execute("SET timezone = 'UTC'")
    found = []
    for case in cases(people):
        if only in case.name:
            for page, url in await _pages(stage, database, case, tokens):
                found.append(await _measured(stage, shape, case, tokens, (page, url)))
    await database.close()
    await badges.close()
    return found


async def _tokens(badges: Badges, people: People) -> dict[str, str]:
    admin = await badges.superadmin()
    wanted = {
        "operator": (Role.OPERATOR, people.operator, Audience.BACKOFFICE),
        "photographer": (Role.PHOTOGRAPHER, people.photographer, Audience.BACKOFFICE),
        "host": (Role.USER, people.host, Audience.MAIN),
        "guest": (Role.USER, people.guest, Audience.MAIN),
        "superadmin": (Role.SUPERADMIN, admin, Audience.BACKOFFICE),
    }
    return {name: await badges.issue(*who) for name, who in wanted.items()}


async def _pages(
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
    alone = [(await one(*where)).seconds for _ in range(ALONE)]
    together = await many(*where, connections=CONNECTIONS, budget_s=BUDGET_S)
    result = Measured(
        name=case.name,
        rows=shape.photos,
        page=page,
        alone_ms=1000 * percentile(alone, 0.5),
        p95_ms=1000 * percentile(together, 0.95),
        per_second=len(together) / BUDGET_S,
        limit_ms=case.limit_ms,
    )
    print(_line(result), flush=True)
    return result


def _line(item: Measured) -> str:
    is_list = item.limit_ms == 60.0
    counted = item.p95_ms if is_list else item.alone_ms
    verdict = "" if counted <= item.limit_ms else f"  over {item.limit_ms:.0f}"
    return (
        f"{item.rows:>9,} {item.name:<26} page {item.page:>5,} {item.alone_ms:9.1f} {item.p95_ms:9.1f}"
        f" {item.per_second:9.0f}{verdict}"
    )


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rows", type=int, nargs="*", default=SIZES)
    arguments.add_argument("--only", default="")
    wanted = arguments.parse_args()
    found: list[Measured] = []
    memory: dict[int, dict[str, float]] = {}
    print(machine())
    with postgres() as server:
        for rows in wanted.rows:
            url = seeded(server, rows)
            with serving(url) as stage:
                print(f"\n{'photos':>9} {'':<26} {'':>10} {'alone ms':>9} {'p95 of 32':>9} {'per s':>9}")
                found += asyncio.run(measure(stage, Shape(rows), wanted.only))
                memory[rows] = {name: stage.memory(name) for name in SERVICES}
                print(
                    "resident: " + ", ".join(f"{name} {size:.0f} MB" for name, size in memory[rows].items())
                )
    RESULTS.write_text(json.dumps([asdict(item) for item in found]))
    if tuple(wanted.rows) == SIZES and not wanted.only:
        draw(found, memory, Path(__file__).resolve().parents[2] / "docs" / "growth.svg")
    return int(any("over" in _line(item) for item in found if item.rows == max(wanted.rows)))


if __name__ == "__main__":
    sys.exit(main())
