"""Where Redis is: one server, or whichever one its sentinels have made the master."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from arq.connections import RedisSettings as ArqRedisSettings
from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.sentinel import Sentinel

SENTINEL = "redis+sentinel"
DEFAULT_PORT = 26379


@dataclass(frozen=True)
class SentinelAddress:
    """`redis+sentinel://:password@host:port,host:port/0?service=mymaster`; the password is the servers'."""

    sentinels: Sequence[tuple[str, int]]
    service: str
    database: int
    username: str | None
    password: str | None

    @classmethod
    def parsed(cls, url: str) -> Self | None:
        """None for the address of a server. Raises ValueError, without the text: it holds a password."""
        parts = urlsplit(url)
        if parts.scheme != SENTINEL:
            return None
        login, _, hosts = parts.netloc.rpartition("@")
        username, _, password = login.partition(":")
        service = parse_qs(parts.query).get("service", [""])[0]
        if not hosts or not service:
            raise ValueError(f"REDIS_URL must be {SENTINEL}://:password@host:port,host:port/0?service=NAME")
        return cls(
            sentinels=[_host(host) for host in hosts.split(",")],
            service=service,
            database=int(parts.path.strip("/") or 0),
            username=unquote(username) or None,
            password=unquote(password) or None,
        )

    def for_arq(self) -> ArqRedisSettings:
        return ArqRedisSettings(
            host=list(self.sentinels),
            database=self.database,
            username=self.username,
            password=self.password,
            sentinel=True,
            sentinel_master=self.service,
        )

    def pool(self, **options: Any) -> ConnectionPool:
        """Each of its connections asks the sentinels first."""
        finder = Sentinel(  # type: ignore[no-untyped-call] # redis-py's own
            self.sentinels,
            sentinel_kwargs=options,
            db=self.database,
            username=self.username,
            password=self.password,
            **options,
        )
        pool: ConnectionPool = finder.master_for(self.service).connection_pool
        return pool


def sentinels_of(pool: ConnectionPool) -> Sequence[Redis]:
    """None where it has the address of a server."""
    manager = getattr(pool, "sentinel_manager", None)
    return manager.sentinels if manager else ()


async def close_pool(pool: ConnectionPool) -> None:
    """Its connections to the sentinels too, which it leaves open by itself."""
    await pool.disconnect()
    for sentinel in sentinels_of(pool):
        await sentinel.aclose()


def _host(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":") if text.rpartition(":")[2].isdecimal() else (text, "", "")
    return host.strip("[]"), int(port or DEFAULT_PORT)
