"""What the APIs keep in memory, over an hour of steady requests for everything that they list.

    make bench-memory MINUTES=60

Each API is asked for its lists in turn, first pages and deep ones, at a steady rate; its resident memory is
noted each minute. Every answer must be a 200. Exits with 1 when one holds more than 200 MB, or grows by more
than 10 MB in the second half.
"""

import argparse
import asyncio
import os
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import cycle

import asyncpg

from acme_standalone.scale.shape import Shape
from benchmarks.scale.cases import People, cases
from benchmarks.scale.lists import pages_of, tokens_of
from benchmarks.scale.load import Connection
from benchmarks.scale.stage import SERVICES, Badges, Stage, machine, postgres, seeded, serving

MOST_MB, MOST_GROWTH_MB = 200, 10
PER_SECOND = 15
"""Of each API: what a busy event asks, and what leaves the machine its other work."""
Asked = tuple[str, str]
"""Token and path."""


async def asked_of(stage: Stage, people: People) -> Mapping[str, Sequence[Asked]]:
    badges, wanted = Badges(), defaultdict(list)
    tokens = await tokens_of(badges, people)
    database = await asyncpg.connect(stage.database_url)
    for case in cases(people):
        for _, path in await pages_of(stage, database, case, tokens):
            wanted[case.service].append((tokens[case.who], path))
    await database.close()
    await badges.close()
    return wanted


async def load(stage: Stage, service: str, wanted: Sequence[Asked], ends: float) -> int:
    """Answers until then."""
    count, due = 0, time.monotonic()
    for token, path in cycle(wanted):
        due += 1 / PER_SECOND
        await asyncio.sleep(due - time.monotonic())
        if time.monotonic() >= ends:
            return count
        async with Connection(stage.urls[service], token) as connection:
            answer = await connection.get(path)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {answer.body[:300]!r}")
        count += 1
    return count


async def watch(stage: Stage, minutes: int, ends: float) -> dict[str, list[float]]:
    """MB of each minute, from the first on."""
    marks: dict[str, list[float]] = {name: [] for name in SERVICES}
    for minute in range(1, minutes + 1):
        await asyncio.sleep(ends - 60 * (minutes - minute) - time.monotonic() - 1)
        for name in SERVICES:
            marks[name].append(stage.memory(name))
    return marks


async def measure(stage: Stage, shape: Shape, minutes: int) -> bool:
    wanted = await asked_of(stage, People.of(shape))
    ends = time.monotonic() + 60 * minutes
    loads = (load(stage, name, wanted[name], ends) for name in SERVICES)
    marks, answers = await asyncio.gather(watch(stage, minutes, ends), asyncio.gather(*loads))
    met = [tell(name, marks[name], count) for name, count in zip(SERVICES, answers, strict=True)]
    return all(met)


def tell(name: str, marks: Sequence[float], answers: int) -> bool:
    every = max(1, len(marks) // 12)
    growth = marks[-1] - marks[len(marks) // 2]
    is_met = max(marks) <= MOST_MB and growth <= MOST_GROWTH_MB
    print(f"{name}: {answers} answers; MB {', '.join(f'{mark:.0f}' for mark in marks[::every])}")
    print(
        f"  most {max(marks):.1f}, growth in the second half {growth:+.1f}: {'met' if is_met else 'MISSED'}"
    )
    return is_met


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--minutes", type=int, default=60)
    arguments.add_argument("--rows", type=int, default=10_000)
    wanted = arguments.parse_args()
    print(f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}, {machine()}")
    print(f"{wanted.minutes} minutes, {PER_SECOND} requests a second of each API, {wanted.rows:,} photos")
    print(f"load average before: {', '.join(f'{load:.1f}' for load in os.getloadavg())}\n", flush=True)
    with postgres() as server, serving(seeded(server, wanted.rows)) as stage:
        return int(not asyncio.run(measure(stage, Shape(wanted.rows), wanted.minutes)))


if __name__ == "__main__":
    sys.exit(main())
