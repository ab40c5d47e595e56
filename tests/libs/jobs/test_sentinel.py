"""Redis behind Sentinel: real servers, a real failover."""

import asyncio
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
from limits import parse
from pydantic import SecretStr

from acme_config.settings import RateLimitSettings, RedisSettings
from acme_jobs.addresses import SentinelAddress
from acme_jobs.queue import connect_queue, disconnect
from acme_standalone.processes.binaries import valkey_program
from acme_standalone.processes.ports import free_port
from acme_web.rate_limits import open_limits

PASSWORD = "word with @ and /"
QUOTED = "word%20with%20%40%20and%20%2F"


@dataclass
class Cluster:
    folder: Path
    master: subprocess.Popen[bytes]
    sentinel_port: int

    @property
    def url(self) -> str:
        return f"redis+sentinel://:{QUOTED}@127.0.0.1:{self.sentinel_port}/3?service=acme"


def _start(folder: Path, name: str, port: int, text: str, *flags: str) -> subprocess.Popen[bytes]:
    configuration = folder / f"{name}.conf"
    configuration.write_text(f"port {port}\nbind 127.0.0.1\ndir {folder}\n{text}\n")
    command = [str(valkey_program()), str(configuration), *flags]
    return subprocess.Popen(command, env={"PATH": os.defpath}, stdout=subprocess.DEVNULL)


def _wait(until: str, port: int, password: str | None = None) -> None:
    """Until INFO says so."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with redis.Redis(port=port, password=password) as client:
                if until in str(client.execute_command("INFO")):
                    return
        except redis.RedisError:
            pass
        time.sleep(0.05)
    raise TimeoutError(f"{until} was not seen on port {port}")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    first, second, sentinel = free_port(), free_port(), free_port()
    secret = f'requirepass "{PASSWORD}"\nprimaryauth "{PASSWORD}"\nsave ""\nrepl-diskless-sync-delay 0'
    processes = [
        _start(tmp_path, "first", first, secret),
        _start(tmp_path, "second", second, f"{secret}\nreplicaof 127.0.0.1 {first}"),
    ]
    _wait("'master_link_status': 'up'", second, PASSWORD)
    watch = (
        f"sentinel monitor acme 127.0.0.1 {first} 1\nsentinel auth-pass acme {PASSWORD!r}\n"
        "sentinel down-after-milliseconds acme 500\nsentinel failover-timeout acme 2000"
    ).replace("'", '"')
    processes.append(_start(tmp_path, "sentinel", sentinel, watch, "--sentinel"))
    _wait("'slaves': 1", sentinel)
    yield Cluster(tmp_path, processes[0], sentinel)
    for process in processes:
        process.kill()
        process.wait(10)


async def test_the_queue_follows_the_master(cluster: Cluster) -> None:
    settings = RedisSettings(REDIS_URL=SecretStr(cluster.url))
    queue = await connect_queue(settings)
    await queue.set("kept", "1")
    assert await queue.wait(1, 2000) == 1
    cluster.master.kill()
    deadline = asyncio.get_running_loop().time() + 30
    while True:
        try:
            await queue.set("after", "2")
            break
        except (redis.RedisError, OSError):
            assert asyncio.get_running_loop().time() < deadline
            await asyncio.sleep(0.1)
    assert [await queue.get("kept"), await queue.get("after")] == [b"1", b"2"]
    await disconnect(queue)


async def test_limits_are_counted_on_the_master_in_the_same_database(cluster: Cluster) -> None:
    settings = RedisSettings(REDIS_URL=SecretStr(cluster.url))
    async with open_limits(RateLimitSettings(), settings) as limits:
        assert [await limits.limiter.hit(parse("2/hour"), "a guest") for _ in range(3)] == [True, True, False]
    queue = await connect_queue(settings)
    assert len(await queue.keys("acme:limits*")) == 1
    await disconnect(queue)


def test_an_address_is_read_in_all_its_parts() -> None:
    address = SentinelAddress.parsed("redis+sentinel://ann:s%40x@one:1,[::1]:2,three/4?service=acme")
    assert address is not None
    assert address.sentinels == [("one", 1), ("::1", 2), ("three", 26379)]
    assert (address.service, address.database) == ("acme", 4)
    assert (address.username, address.password) == ("ann", "s@x")
    assert SentinelAddress.parsed("redis://one:1/0") is None


@pytest.mark.parametrize("url", ["redis+sentinel://:secret@one:1/0", "redis+sentinel://?service=acme"])
def test_an_incomplete_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="service=NAME") as refused:
        SentinelAddress.parsed(url)
    assert "secret" not in str(refused.value)
