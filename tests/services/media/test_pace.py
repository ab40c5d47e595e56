"""The quota that all workers share, in a real Redis."""

import asyncio
import time
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from acme_jobs.contracts import NotNowError
from acme_media.faces.rekognition import RekognitionEngine
from acme_media.jobs.pace import SharedPace
from tests.services.media.faces.standin import client_of


@pytest.fixture
async def workers(redis_url: str) -> AsyncIterator[list[Redis]]:
    """Connections of their own, as processes have."""
    opened = [Redis.from_url(redis_url) for _ in range(3)]
    yield opened
    for redis in opened:
        await redis.aclose()


async def test_workers_together_keep_to_the_quota(workers: list[Redis]) -> None:
    operation, made = uuid4().hex, []

    async def work(redis: Redis) -> None:
        pace = SharedPace(redis, calls_per_s=20)
        for _ in range(5):
            await pace.turn(operation)
            made.append(time.monotonic())

    await asyncio.gather(*(work(redis) for redis in workers))
    assert len(made) == 15
    assert max(made) - min(made) >= 13 / 20, "15 turns at 20 a second, but for the clock's grain"


async def test_turns_are_given_in_the_order_in_which_they_were_asked_for(workers: list[Redis]) -> None:
    operation, served = uuid4().hex, []

    async def ask(number: int) -> None:
        await SharedPace(workers[number % 3], calls_per_s=10).turn(operation)
        served.append(number)

    asked = []
    for number in range(5):
        asked.append(asyncio.create_task(ask(number)))
        await asyncio.sleep(0.01)
    await asyncio.gather(*asked)
    assert served == [0, 1, 2, 3, 4]


async def test_operations_have_quotas_of_their_own(workers: list[Redis]) -> None:
    pace, first, second = SharedPace(workers[0], calls_per_s=0.5), uuid4().hex, uuid4().hex
    started = time.monotonic()
    await pace.turn(first)
    await pace.turn(second)
    assert time.monotonic() - started < 1.5


async def test_who_would_wait_too_long_is_put_off_and_takes_nobodys_turn(workers: list[Redis]) -> None:
    pace, operation = SharedPace(workers[0], calls_per_s=2, longest_wait_s=0.6), uuid4().hex
    await pace.turn(operation)
    waiting = asyncio.create_task(pace.turn(operation))
    await asyncio.sleep(0.05)
    for _ in range(3):
        with pytest.raises(NotNowError) as put_off:
            await pace.turn(operation)
        assert 0.6 < put_off.value.delay_s <= 1.0
    await waiting
    await pace.turn(operation)


async def test_the_engine_waits_for_its_turn_and_lets_itself_be_put_off(
    workers: list[Redis], rekognition_url: str
) -> None:
    pace = SharedPace(workers[0], calls_per_s=0.1, longest_wait_s=0.1)
    engine = RekognitionEngine(client_of(rekognition_url), pace)
    await workers[0].delete("acme:pace:rekognition:ListFaces")
    assert await engine.enrolled(uuid4()) == ()
    with pytest.raises(NotNowError):
        await engine.enrolled(uuid4())
    await workers[0].delete("acme:pace:rekognition:ListFaces")
