"""A provider that fails is left alone, and asked again by one."""

import asyncio
from dataclasses import dataclass

import pytest
from structlog.testing import capture_logs

from acme_core.circuit import LONGEST_REST_S, Circuit, CircuitOpen, CircuitState

REST_S = 10.0
JITTER = 1.2


class AwayError(Exception):
    pass


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Provider:
    """Behind a circuit that opens after three failures in a row."""

    circuit: Circuit
    clock: Clock
    error: Exception | None = None
    calls: int = 0

    async def call(self) -> None:
        async with self.circuit.passing():
            self.calls += 1
            await asyncio.sleep(0)
            if self.error is not None:
                raise self.error

    async def fail(self, times: int) -> None:
        self.error = AwayError()
        for _ in range(times):
            with pytest.raises((AwayError, CircuitOpen)):
                await self.call()


@pytest.fixture
def provider() -> Provider:
    clock = Clock()
    return Provider(Circuit("it", AwayError, most=3, rest_s=REST_S, clock=clock), clock)


async def test_it_opens_after_failures_in_a_row_and_then_nobody_calls(provider: Provider) -> None:
    await provider.fail(2)
    assert not provider.circuit.is_open
    with capture_logs() as lines, pytest.raises(CircuitOpen):
        await provider.call()
    assert [(line["event"], line["circuit"]) for line in lines] == [("circuit_opened", "it")]
    with pytest.raises(CircuitOpen) as refused:
        await provider.call()
    assert provider.calls == 3
    assert 0.8 * REST_S <= refused.value.retry_after_s <= JITTER * REST_S


async def test_a_success_between_counts_from_the_beginning(provider: Provider) -> None:
    await provider.fail(2)
    provider.error = None
    await provider.call()
    await provider.fail(2)
    assert not provider.circuit.is_open


async def test_what_is_not_the_providers_fault_is_an_answer(provider: Provider) -> None:
    await provider.fail(2)
    provider.error = ValueError("no such collection")
    with pytest.raises(ValueError, match="collection"):
        await provider.call()
    await provider.fail(2)
    assert not provider.circuit.is_open


async def test_after_its_rest_one_call_tries_and_closes_it(provider: Provider) -> None:
    await provider.fail(3)
    provider.clock.now += REST_S * JITTER
    provider.error = None
    with capture_logs() as lines:
        done = await asyncio.gather(*(provider.call() for _ in range(5)), return_exceptions=True)
    assert [type(each) for each in done] == [type(None), *[CircuitOpen] * 4]
    assert [line["event"] for line in lines] == ["circuit_closed"]
    await provider.call()
    assert provider.calls == 5


async def test_each_rest_after_a_trial_that_failed_is_longer_up_to_a_limit(provider: Provider) -> None:
    await provider.fail(3)
    rests = []
    for _ in range(12):
        provider.clock.now += LONGEST_REST_S * JITTER
        with pytest.raises(CircuitOpen) as refused:
            await provider.call()
        rests.append(refused.value.retry_after_s)
    assert rests[1] > rests[0] > REST_S
    assert 0.8 * LONGEST_REST_S <= rests[-1] <= JITTER * LONGEST_REST_S


async def test_a_trial_that_is_broken_off_lets_another_one_try(provider: Provider) -> None:
    await provider.fail(3)
    provider.clock.now += REST_S * JITTER
    trial = asyncio.create_task(provider.call())
    await asyncio.sleep(0)
    trial.cancel()
    await asyncio.gather(trial, return_exceptions=True)
    provider.error = None
    await provider.call()
    assert not provider.circuit.is_open


async def test_calls_under_way_as_it_opens_prolong_no_rest(provider: Provider) -> None:
    provider.error = AwayError()
    done = await asyncio.gather(*(provider.call() for _ in range(20)), return_exceptions=True)
    assert {type(each) for each in done} == {AwayError, CircuitOpen}
    longest = max(each.retry_after_s for each in done if isinstance(each, CircuitOpen))
    assert longest <= REST_S * JITTER


async def test_its_state_is_told(provider: Provider) -> None:
    told: list[CircuitState] = []
    provider.circuit = Circuit("it", AwayError, most=3, rest_s=REST_S, clock=provider.clock, tell=told.append)
    await provider.fail(3)
    provider.clock.now += REST_S * JITTER
    await provider.fail(1)
    provider.clock.now += LONGEST_REST_S * JITTER
    provider.error = None
    await provider.call()
    opened = [CircuitState.OPEN, CircuitState.HALF_OPEN, CircuitState.OPEN]
    assert told == [*opened, CircuitState.HALF_OPEN, CircuitState.CLOSED]
