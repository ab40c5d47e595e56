"""Many sign-ins at once, and minutes of load: what becomes of everybody else, and of memory."""

import asyncio
import json
import os
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bcrypt
import uvloop

from benchmarks.api_parts.load import Call, Outcome, get, post, run_load, send_load
from benchmarks.api_parts.report import ROUNDS, Targets, right
from benchmarks.api_parts.servers import CORES, Server, ours
from benchmarks.api_parts.world import PASSWORD, World

LOGINS = 50
LOGIN_ROUNDS = int(os.environ.get("LOGIN_ROUNDS", str(ROUNDS)))
"""They take longer than all others together."""
MEMORY_S = float(os.environ.get("MEMORY_S", "120"))
MOST_MB, MOST_GROWTH_MB = 200, 10


def measure_login(world: World, folder: Path, targets: Targets) -> None:
    """On all cores, as bcrypt may have them."""
    os.sched_setaffinity(0, CORES)
    print(f"\n{LOGINS} sign-ins at once, bcrypt of cost 12, two connections that list photos beside them")
    shares, slower = [], []
    with ours("main", folder, "login") as server:
        server.pin(*CORES)
        lists, logins = list_calls(world), login_calls(world)
        run_load(server.port, lists, connections=2, seconds=2)
        for _ in range(LOGIN_ROUNDS):
            bound = bcrypt_per_second()
            alone = uvloop.run(signed_in(server.port, logins))
            idle = right(run_load(server.port, lists, connections=2, seconds=4))
            seconds, beside = uvloop.run(both(server.port, logins, lists))
            shares.append(LOGINS / alone / bound)
            slower.append(beside.ms(99) / idle.ms(99))
            print(
                f"  {LOGINS / alone:.2f} a second, {LOGINS / seconds:.2f} with lists beside them, "
                f"bcrypt alone {bound:.2f}; lists p50 {beside.ms(50):.1f} p99 {beside.ms(99):.1f} ms, "
                f"idle {idle.ms(50):.1f} and {idle.ms(99):.1f} ms"
            )
    targets.tell("sign-ins a second against bcrypt alone", statistics.median(shares), 0.9)
    targets.tell("p99 of lists during sign-ins against idle", statistics.median(slower), 2, most=True)


async def signed_in(port: int, logins: Sequence[Call]) -> float:
    """Seconds for one on each connection."""
    start = time.perf_counter()
    right(await send_load(port, logins, connections=LOGINS, seconds=0))
    return time.perf_counter() - start


async def both(port: int, logins: Sequence[Call], lists: Sequence[Call]) -> tuple[float, Outcome]:
    """Lists go on for as long as the sign-ins take."""
    over = asyncio.Event()
    beside = asyncio.create_task(send_load(port, lists, connections=2, seconds=1, until=over))
    seconds = await signed_in(port, logins)
    over.set()
    return seconds, right(await beside)


def list_calls(world: World) -> list[Call]:
    path = f"/v1/projects/{world.project_id}/photos"
    return [Call(get(path, token), is_ok) for token in world.guest_tokens]


def login_calls(world: World) -> list[Call]:
    bodies = ({"email": email, "password": PASSWORD} for email in world.guest_emails)
    return [Call(post("/v1/auth/login", json.dumps(body).encode()), is_ok) for body in bodies]


def is_ok(head: bytes, body: bytes) -> bool:
    return head.startswith(b"HTTP/1.1 200") and body.startswith(b"{")


def bcrypt_per_second() -> float:
    hashed, count = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(12)), 8 * len(CORES)
    with ThreadPoolExecutor(len(CORES)) as pool:
        start = time.perf_counter()
        assert all(pool.map(lambda _: bcrypt.checkpw(PASSWORD.encode(), hashed), range(count)))
        return count / (time.perf_counter() - start)


def measure_memory(world: World, folder: Path, targets: Targets) -> None:
    """Minutes, not the hour: growth would have to show in them."""
    project = f"/v1/projects/{world.project_id}/photos"
    batch = {"project_id": str(world.project_id), "files": [file_of(number) for number in range(20)]}
    uploads = post(
        "/v1/photographers/me/photos/upload-urls", json.dumps(batch).encode(), world.photographer_token
    )
    wanted = {
        "main": list_calls(world),
        "media": [Call(uploads, is_ok)],
        "backoffice": [Call(get(project, world.operator_token), is_ok)],
    }
    print(f"\nMemory under load, {MEMORY_S:g} s for each API in turn")
    for name, calls in wanted.items():
        with ours(name, folder, name) as server:
            marks, answered = resident(server, calls)
        told = ", ".join(f"{mark:.0f}" for mark in marks)
        print(f"  {name}: {answered} answers, resident MB from warm to end: {told}")
        targets.tell(f"{name}: most, MB", max(marks), MOST_MB, most=True)
        growth = marks[-1] - marks[3]
        targets.tell(f"{name}: growth in the second half, MB", growth, MOST_GROWTH_MB, most=True)


def resident(server: Server, calls: Sequence[Call]) -> tuple[list[float], int]:
    answered = len(right(server.loaded(calls, 16, MEMORY_S / 6)).latencies)
    marks = [server.rss_mb]
    for _ in range(5):
        answered += len(right(server.loaded(calls, 16, MEMORY_S / 6)).latencies)
        marks.append(server.rss_mb)
    return marks, answered


def file_of(number: int) -> dict[str, object]:
    """Announced again and again, as after a lost network: no table grows."""
    return {
        "filename": f"DSC_{number}.jpg",
        "content_type": "image/jpeg",
        "size_bytes": 9,
        "sha256": f"{number:064x}",
    }
