"""Redis is given up that says nothing; whoever is broken off meanwhile is, whatever the moment."""

import asyncio
from typing import Any

import pytest
from redis.asyncio import Connection, ConnectionPool, Redis
from redis.exceptions import TimeoutError as NotAnsweredError

from acme_jobs.time_outs import give_up_after


class SendsWhenTold(Connection):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.is_sent = asyncio.get_running_loop().create_future()

    async def send_packed_command(self, *_: Any) -> None:
        await self.is_sent


async def test_a_cancellation_that_comes_as_the_sending_ends_is_kept() -> None:
    pool = ConnectionPool(connection_class=SendsWhenTold)
    give_up_after(pool, seconds=5)
    connection = pool.make_connection()  # type: ignore[no-untyped-call] # redis-py says no types of it
    sending = asyncio.create_task(connection.send_packed_command(b"PING"))
    await asyncio.sleep(0)
    connection.is_sent.set_result(None)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending


async def test_a_server_that_says_nothing_is_given_up() -> None:
    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    pool = ConnectionPool.from_url(f"redis://127.0.0.1:{port}/0")
    give_up_after(pool, seconds=0.05)
    async with server, Redis(connection_pool=pool) as redis:
        with pytest.raises(NotAnsweredError, match=r"within 0\.05 s"):
            await redis.ping()
        await pool.disconnect()
