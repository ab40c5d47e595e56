"""Five thousand guests follow their events on one process; matches are told, and timed until they arrive.

    make bench-scale

Connections go to 127.0.0.1 only, each from this process. Exits with 1 when the 95th percentile of a match's
way is over its limit, or any is lost.
"""

import argparse
import asyncio
import resource
import secrets
import statistics
import sys
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import insert

from acme_auth.principals import Audience, Role
from acme_config.settings import DatabaseSettings, RedisSettings
from acme_db.engine import create_engine
from acme_db.models import User
from acme_events import channels
from acme_events.catalogue import MatchesFound
from acme_events.publisher import RedisPublisher
from acme_jobs.queue import connect_queue
from benchmarks.scale.load import percentile
from benchmarks.scale.stage import Badges, Stage, database, machine, postgres, serving

AT_ONCE = 50
TOLD, PER_SECOND = 2000, 100
LIMIT_MS = 200.0
SETTLE_S = 3.0
PATIENCE_S = 30.0


@dataclass
class Follower:
    user_id: UUID
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    heard: asyncio.Queue[tuple[str, float]] = field(default_factory=asyncio.Queue)

    async def listen(self) -> None:
        """The photo that is told, and when that was."""
        while line := await self.reader.readline():
            _, found, rest = line.partition(b'"photo_ids":["')
            if not found:
                _, found, rest = line.partition(b'"photo_ids": ["')
            if found:
                self.heard.put_nowait((rest[:36].decode(), time.perf_counter()))


def raise_limit(count: int) -> None:
    """Of open files; handed down to the services too."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 500
    if most != resource.RLIM_INFINITY and most < wanted:
        raise SystemExit(f"only {most} open files are allowed, {wanted} are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


async def guests(count: int) -> list[tuple[UUID, str]]:
    users = [uuid4() for _ in range(count)]
    engine = create_engine(DatabaseSettings(), application_name="benchmark")
    async with engine.begin() as connection:
        rows = [
            {"id": user, "name": "Guest", "email": f"{user}@example.com", "password_hash": "!"}
            for user in users
        ]
        await connection.execute(insert(User), rows)
    await engine.dispose()
    badges = Badges()
    tokens = await badges.issue_many(Role.USER, users, Audience.MEDIA)
    await badges.close()
    return list(zip(users, tokens, strict=True))


async def follow(url: str, user_id: UUID, token: str, turn: asyncio.Semaphore) -> Follower:
    parts = urlsplit(url)
    async with turn:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        head = f"GET /v1/events HTTP/1.1\r\nHost: {parts.hostname}\r\nAuthorization: Bearer {token}\r\n\r\n"
        writer.write(head.encode())
        answered = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in answered.partition(b"\r\n")[0]:
            raise RuntimeError(answered.decode())
        await reader.readuntil(b"event: ready")
    return Follower(user_id, reader, writer)


async def tell(followers: list[Follower]) -> list[float]:
    """At an even pace, to guests by chance; seconds until each is heard."""
    redis = await connect_queue(RedisSettings())
    publisher, taken = RedisPublisher(redis), []
    pending: list[asyncio.Task[float]] = []
    for number in range(TOLD):
        pending.append(asyncio.create_task(_one(publisher, secrets.choice(followers))))
        await asyncio.sleep(1 / PER_SECOND)
        if number == 0:
            await pending[0]  # the publisher's script is loaded
    taken = await asyncio.gather(*pending[1:])
    await redis.aclose()
    return taken


async def _one(publisher: RedisPublisher, follower: Follower) -> float:
    photo = uuid4()
    event = MatchesFound(project_id=uuid4(), photo_ids=[photo])
    started = time.perf_counter()
    await publisher.publish(event, [channels.of_user(follower.user_id)])
    async with asyncio.timeout(PATIENCE_S):
        while True:
            heard, at = await follower.heard.get()
            if heard == str(photo):
                return at - started
            follower.heard.put_nowait((heard, at))
            await asyncio.sleep(0.001)


async def measure(stage: Stage, count: int) -> float:
    people, turn = await guests(count), asyncio.Semaphore(AT_ONCE)
    warm = [await follow(stage.urls["media"], *people[0], turn)]
    before, started = stage.memory("media"), time.perf_counter()
    followers = warm + list(
        await asyncio.gather(*(follow(stage.urls["media"], *person, turn) for person in people[1:]))
    )
    opened = time.perf_counter() - started
    await asyncio.sleep(SETTLE_S)
    after, busy = stage.memory("media"), stage.cpu_seconds("media")
    await asyncio.sleep(10)
    idle = (stage.cpu_seconds("media") - busy) / 10
    listening = [asyncio.create_task(follower.listen()) for follower in followers]
    taken = [1000 * seconds for seconds in await tell(followers)]
    p95 = percentile(taken, 0.95)
    print(f"{len(followers):,} connections opened in {opened:.1f} s, {AT_ONCE} at once")
    print(
        f"memory {before:.0f} MB before, {after:.0f} MB with them: "
        f"{1000 * (after - before) / count:.1f} kB each"
    )
    print(f"idle {100 * idle:.1f} % of a core; {stage.memory('media'):.0f} MB after the events")
    print(
        f"{len(taken)} matches at {PER_SECOND} per second: median {statistics.median(taken):.1f} ms, "
        f"p95 {p95:.1f} ms, p99 {percentile(taken, 0.99):.1f} ms, longest {max(taken):.1f} ms"
    )
    for task, follower in zip(listening, followers, strict=True):
        task.cancel()
        follower.writer.close()
    return p95


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--connections", type=int, default=5000)
    count = arguments.parse_args().connections
    raise_limit(count)
    print(machine())
    with postgres() as server, database(server) as url, serving(url) as stage:
        p95 = asyncio.run(measure(stage, count))
    return int(p95 > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
