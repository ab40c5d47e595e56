"""Large projects: an exact pass over the vectors against HNSW, by time and by what it leaves out.

    PYTHONPATH=. python benchmarks/face_index.py [VECTORS ...]

Made-up people with 20 faces each, spread as dlib's embeddings are: two faces of a person are 0.35 apart, of
two people 0.8. Asked is what the platform asks: every face within reach of a guest's template, not some.
"""

import asyncio
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import numpy as np

from acme_media.faces.matching import REACH
from acme_media.faces.values import Vectors
from acme_standalone.postgres import EmbeddedPostgres

SIZES = (50_000, 100_000)
FACES_EACH, PROBES, DIMENSIONS = 20, 60, 128
BETWEEN_PEOPLE, WITHIN_A_PERSON = 0.8, 0.35
TABLE = """
DROP TABLE IF EXISTS vectors;
CREATE TABLE vectors (face int PRIMARY KEY, project int NOT NULL, embedding vector(128) NOT NULL);
"""
HNSW = """
SET maintenance_work_mem = '512MB';
CREATE INDEX near ON vectors USING hnsw ((embedding::halfvec(128)) halfvec_l2_ops)
  WITH (m = 16, ef_construction = 64) WHERE project = 1;
"""
ALONE = ("SET jit = off", "SET max_parallel_workers_per_gather = 0")
EXACT = "SELECT face FROM vectors WHERE project = 1 AND embedding <-> $1::vector <= $2"
APPROXIMATE = """
WITH nearest AS MATERIALIZED (
  SELECT face, embedding FROM vectors WHERE project = 1
  ORDER BY embedding::halfvec(128) <-> $1::vector::halfvec(128) LIMIT 200
) SELECT face FROM nearest WHERE embedding <-> $1::vector <= $2
"""


def main() -> int:
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores")
    print(f"load average at the start: {' '.join(f'{load:.1f}' for load in os.getloadavg())}\n", flush=True)
    with tempfile.TemporaryDirectory() as name, EmbeddedPostgres(Path(name) / "pg") as server:
        asyncio.run(measure(server.create_database("bench"), [*map(int, sys.argv[1:])] or SIZES))
    print(f"\nload average at the end: {' '.join(f'{load:.1f}' for load in os.getloadavg())}")
    return 0


async def measure(url: str, sizes: Sequence[int]) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    await connection.set_type_codec("vector", schema="public", encoder=str, decoder=str, format="text")
    print(f"{'vectors':>8} {'search':24}{'p50 ms':>9}{'p95 ms':>9}{'found':>9}")
    for size in sizes:
        await compare(connection, size)
    await connection.close()


async def compare(connection: "asyncpg.Connection[asyncpg.Record]", size: int) -> None:
    centres, vectors = people(size)
    rows = [(face, 1, text_of(vector)) for face, vector in enumerate(vectors)]
    await connection.execute(TABLE)
    await connection.executemany("INSERT INTO vectors VALUES ($1, $2, $3)", rows)
    await connection.execute("VACUUM ANALYZE vectors")
    for setting in ALONE:
        await connection.execute(setting)
    probes = [text_of(each) for each in noisy(centres[:PROBES], np.random.default_rng(9))]
    found = await timed(connection, size, "exact", EXACT, probes)
    began = time.perf_counter()
    await connection.execute(HNSW)
    built = time.perf_counter() - began
    await connection.execute("SET hnsw.iterative_scan = relaxed_order")
    for breadth in (40, 200, 800):
        await connection.execute(f"SET hnsw.ef_search = {breadth}")
        await timed(connection, size, f"HNSW, ef_search {breadth}", APPROXIMATE, probes, found)
    print(f"{size:8} HNSW built in {built:.0f} s")


async def timed(
    connection: "asyncpg.Connection[asyncpg.Record]",
    size: int,
    name: str,
    query: str,
    probes: Sequence[str],
    wanted: Sequence[set[int]] | None = None,
) -> list[set[int]]:
    statement = await connection.prepare(query)
    times, found = [], []
    for probe in probes:
        began = time.perf_counter()
        rows = await statement.fetch(probe, REACH)
        times.append(1000 * (time.perf_counter() - began))
        found.append({row["face"] for row in rows})
    wanted = wanted or found
    share = sum(len(a & b) for a, b in zip(found, wanted, strict=True)) / sum(map(len, wanted))
    p95 = statistics.quantiles(times[3:], n=20)[-1]
    print(f"{size:8} {name:24}{statistics.median(times[3:]):9.1f}{p95:9.1f}{100 * share:8.1f}%", flush=True)
    return found


def people(size: int) -> tuple[Vectors, Vectors]:
    """Their centres, and their faces in the order of an event: everybody now and then."""
    random = np.random.default_rng(1)
    spread = BETWEEN_PEOPLE / np.sqrt(2 * DIMENSIONS)
    centres = random.normal(0, spread, (size // FACES_EACH, DIMENSIONS)).astype(np.float32)
    return centres, noisy(np.tile(centres, (FACES_EACH, 1)), random)


def noisy(centres: Vectors, random: np.random.Generator) -> Vectors:
    spread = WITHIN_A_PERSON / np.sqrt(2 * DIMENSIONS)
    return (centres + random.normal(0, spread, centres.shape)).astype(np.float32)


def text_of(vector: Vectors) -> str:
    return "[" + ",".join(f"{value:.6f}" for value in vector) + "]"


if __name__ == "__main__":
    sys.exit(main())
