"""A provider that fails again and again is left alone for a while, instead of being asked by every job."""

import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import IntEnum

import structlog

log = structlog.get_logger()

FAILURES = 5
"""In a row. Fewer than any job has tries: none is given up because its provider is away."""
REST_S = 10.0
LONGEST_REST_S = 120.0


class CircuitState(IntEnum):
    CLOSED = 0
    HALF_OPEN = 1
    OPEN = 2


class CircuitOpen(Exception):
    """The provider is being left alone; it is not the fault of whoever asks."""

    def __init__(self, name: str, retry_after_s: float) -> None:
        super().__init__(f"{name} is left alone for {retry_after_s:.1f} s")
        self.retry_after_s = retry_after_s


class Circuit:
    """Closed, every call passes. After some failures in a row it opens, and nobody calls for a rest.

    Then one call is let through to try: it closes the circuit, or lets the next rest be twice as long.
    """

    def __init__(
        self,
        name: str,
        *failures: type[Exception],
        most: int = FAILURES,
        rest_s: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        tell: Callable[[CircuitState], None] = lambda _: None,
    ) -> None:
        """`failures` are the provider's; any other exception is an answer of it."""
        self._name = name
        self._failures = failures
        self._most = most
        self._first_rest_s = REST_S if rest_s is None else rest_s
        self._clock = clock
        self._tell = tell
        self._count = 0
        self._rest_s = 0.0
        self._rests_until = 0.0
        self._is_tried = False

    @property
    def is_open(self) -> bool:
        return self._count >= self._most

    @asynccontextmanager
    async def passing(self) -> AsyncIterator[None]:
        """Raises `CircuitOpen`, and so it does where the failure of the block has opened the circuit."""
        is_trial = self._admit()
        try:
            yield
        except self._failures as error:
            self._failed(is_trial=is_trial)
            if self.is_open:
                raise CircuitOpen(self._name, self._rest_s) from error
            raise
        except Exception:
            self._went_well()
            raise
        else:
            self._went_well()
        finally:
            if is_trial:
                self._is_tried = False

    def _admit(self) -> bool:
        """True for the one call that tries whether the provider is back."""
        if not self.is_open:
            return False
        rest_s = self._rests_until - self._clock()
        if rest_s > 0 or self._is_tried:
            raise CircuitOpen(self._name, max(rest_s, 1.0))
        self._is_tried = True
        self._tell(CircuitState.HALF_OPEN)
        return True

    def _failed(self, *, is_trial: bool) -> None:
        """Calls that were under way as it opened prolong no rest."""
        self._count += 1
        if self._count != self._most and not is_trial:
            return
        longer = min(LONGEST_REST_S, self._rest_s * 2) if self._rest_s else self._first_rest_s
        self._rest_s = longer * random.uniform(0.8, 1.2)  # noqa: S311 - workers do not come back together
        self._rests_until = self._clock() + self._rest_s
        self._tell(CircuitState.OPEN)
        log.warning("circuit_opened", circuit=self._name, failures=self._count, rest_s=round(self._rest_s, 1))

    def _went_well(self) -> None:
        if self.is_open:
            self._tell(CircuitState.CLOSED)
            log.info("circuit_closed", circuit=self._name, failures=self._count)
        self._count, self._rest_s = 0, 0.0
