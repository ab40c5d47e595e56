"""The APIs against Fastify and Drizzle doing the same: a guest's photo list, upload URLs, sign-in, memory.

    make bench-api

One process of each server on one core, PostgreSQL and the load on the others. Rounds are interleaved; medians
of the rounds' ratios. Every answer is checked. Exits with 1 when a target is missed.
"""

import asyncio
import json
import os
import platform
import re
import signal
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import text

from acme_config.settings import DatabaseSettings
from acme_db.engine import create_engine
from benchmarks.api_parts.load import Call, Outcome, get, post
from benchmarks.api_parts.pressure import measure_login, measure_memory
from benchmarks.api_parts.report import CONNECTIONS, ROUNDS, SECONDS, Targets, interleaved, ratio, right, tell
from benchmarks.api_parts.servers import CORES, SERVER_CORE, Server, ours, peer, running_parts
from benchmarks.api_parts.world import GUESTS, PHOTOS, PHOTOS_OF_EACH, World

BATCH = 100
PACKAGES = ("fastapi", "uvicorn", "uvloop", "sqlalchemy", "asyncpg", "msgspec", "bcrypt")
UPLOADS = "/v1/photographers/me/photos"
SIGNED_HEADERS = b"X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost%3Bif-none-match"
HTTP = httpx.Client(timeout=60)
PHOTO_ID = re.compile(rb'"id":"([0-9a-f-]{36})"')
Json = dict[str, Any]


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that all that was started is ended
    targets = Targets()
    with running_parts() as (world, folder):
        tell_machine()
        with ExitStack() as stack:
            servers = [stack.enter_context(server) for server in list_servers(folder)]
            print((folder / "fastify-sdk.log").read_text().splitlines()[-1])
            measure_list(world, [server.pin(SERVER_CORE) for server in servers], targets)
            media = stack.enter_context(ours("media", folder, "ours"))
            peers = [server for server in servers if server.name.startswith("fastify")]
            measure_uploads(world, [media.pin(SERVER_CORE), *peers], targets)
        measure_memory(world, folder, targets)
        measure_login(world, folder, targets)
    return int(targets.missed)


def tell_machine() -> None:
    now, load = datetime.now().astimezone(), os.getloadavg()[0]
    print(f"{now:%Y-%m-%d %H:%M %Z}, {platform.machine()}, {len(CORES)} cores, {platform.platform()}")
    print(f"Python {platform.python_version()}, {', '.join(f'{name} {version(name)}' for name in PACKAGES)}")
    print(f"{ROUNDS} rounds of {SECONDS:g} s, {CONNECTIONS} connections; load average before {load:.1f}")


def list_servers(folder: Path) -> list[Server]:
    return [
        ours("main", folder, "ours"),
        ours("main", folder, "ours-fresh-urls", PICTURE_URL_WINDOW_S="0"),
        peer(folder, "hand"),
        peer(folder, "sdk"),
    ]


# --- the guest's photo list


def measure_list(world: World, servers: Sequence[Server], targets: Targets) -> None:
    paths = photo_paths(world, servers[0])
    expected = {key: comparable(fetch(servers[0], *key)) for key in paths}
    for server in servers:
        assert all(comparable(fetch(server, *key)) == expected[key] for key in paths[:20]), server.name
        check_urls(fetch(server, *paths[0]))
    calls = [Call(get(*key), shows([item["id"] for item in expected[key]])) for key in paths]
    rounds = interleaved(servers, calls)
    print(f"\nGuest's photo list: 50 of {PHOTOS_OF_EACH} photos, {PHOTOS} in the event, {GUESTS} guests")
    tell(rounds, "fastify-sdk")
    wanted = {"fastify-sdk": (15, 25), "fastify-hand": (1, 1)}
    for name, bounds in wanted.items():
        for us, bound in zip(("ours-fresh-urls", "ours"), bounds, strict=True):
            targets.tell_ratio(f"list, {us}, against {name}", rounds, us, name, bound)


def photo_paths(world: World, server: Server) -> list[tuple[str, str]]:
    first = f"/v1/projects/{world.project_id}/photos"
    found = []
    for token in world.guest_tokens:
        cursor = fetch(server, first, token)["next_cursor"]
        found += [(first, token), (f"{first}?cursor={cursor}", token)]
    return found


def fetch(server: Server, path: str, token: str) -> Json:
    answer = HTTP.get(f"http://127.0.0.1:{server.port}{path}", headers={"Authorization": f"Bearer {token}"})
    body: Json = answer.raise_for_status().json()
    return body


def comparable(page: Json) -> list[Json]:
    """Without what may differ: how an instant is written, and when a URL was signed."""
    assert len(page["items"]) == 50
    return [
        {
            **item,
            "taken_at": datetime.fromisoformat(item["taken_at"]),
            "thumbnail_url": item["thumbnail_url"].partition("?")[0],
        }
        for item in page["items"]
    ]


def check_urls(page: Json) -> None:
    """The object store takes them, and nothing that was changed."""
    for item in page["items"][:5]:
        assert HTTP.get(item["thumbnail_url"]).content == b"a picture"
        assert HTTP.get(item["thumbnail_url"].replace("Expires=", "Expires=1")).status_code == 403


def shows(ids: Sequence[str]) -> Callable[[bytes, bytes], bool]:
    wanted = [each.encode() for each in ids]
    return lambda head, body: head.startswith(b"HTTP/1.1 200") and PHOTO_ID.findall(body) == wanted


# --- upload URLs


def measure_uploads(world: World, servers: Sequence[Server], targets: Targets) -> None:
    for server in servers:
        check_upload(world, server)
        right(server.loaded(upload_calls(world), CONNECTIONS, 2))
    before, sent = count_photos(), 0
    rounds: dict[str, list[Outcome]] = defaultdict(list)
    for _ in range(ROUNDS):
        for server in servers:
            singles = server.loaded(upload_calls(world), CONNECTIONS, SECONDS)
            rounds[server.name].append(right(singles))
            sent += len(singles.latencies)
        batches = right(servers[0].loaded(batch_calls(world), CONNECTIONS, SECONDS))
        rounds["ours, files in batches"].append(batches)
        sent += BATCH * len(batches.latencies)
    print("\nUpload URLs: session, assignment, row, presigned PUT")
    tell(rounds, "fastify-sdk")
    assert count_photos() - before == sent, "not every file that was answered has its row"
    targets.tell_ratio("upload-url against the AWS SDK", rounds, "ours", "fastify-sdk", 2.5)
    print(f"  upload-url against the hand signer: {ratio(rounds, 'ours', 'fastify-hand'):.2f}")
    what = f"upload-urls, files per second in batches of {BATCH}, against single calls"
    targets.tell_ratio(what, rounds, "ours, files in batches", "ours", 10, times=BATCH)


def announced(world: World) -> Json:
    digest = uuid4().hex * 2
    return {"project_id": str(world.project_id), **a_file(digest)}


def a_file(digest: str) -> Json:
    return {"filename": "DSC_1.jpg", "content_type": "image/jpeg", "size_bytes": 9, "sha256": digest}


def upload_calls(world: World) -> list[Call]:
    def is_right(head: bytes, body: bytes) -> bool:
        return head.startswith(b"HTTP/1.1 201") and SIGNED_HEADERS in body

    bodies = (json.dumps(announced(world)).encode() for _ in range(int(4000 * SECONDS)))
    return [Call(post(f"{UPLOADS}/upload-url", body, world.photographer_token), is_right) for body in bodies]


def batch_calls(world: World) -> list[Call]:
    def is_right(head: bytes, body: bytes) -> bool:
        return head.startswith(b"HTTP/1.1 200") and body.count(b"X-Amz-Signature=") == BATCH

    def body() -> bytes:
        files = [a_file(uuid4().hex * 2) for _ in range(BATCH)]
        return json.dumps({"project_id": str(world.project_id), "files": files}).encode()

    path, token = f"{UPLOADS}/upload-urls", world.photographer_token
    return [Call(post(path, body(), token), is_right) for _ in range(int(400 * SECONDS))]


def check_upload(world: World, server: Server) -> None:
    headers = {"Authorization": f"Bearer {world.photographer_token}"}
    url = f"http://127.0.0.1:{server.port}{UPLOADS}/upload-url"
    upload = HTTP.post(url, json=announced(world), headers=headers).raise_for_status().json()["upload"]
    other = {**upload["headers"], "Content-Type": "image/png"}
    assert HTTP.put(upload["url"], content=b"a picture", headers=other).status_code == 403
    assert HTTP.put(upload["url"], content=b"a picture", headers=upload["headers"]).status_code == 200


def count_photos() -> int:
    async def counted() -> int:
        engine = create_engine(DatabaseSettings(), application_name="benchmark")
        async with engine.connect() as connection:
            found = await connection.scalar(text("SELECT count(*) FROM photos"))
        await engine.dispose()
        return int(found or 0)

    return asyncio.run(counted())


if __name__ == "__main__":
    sys.exit(main())
