"""Every call to AWS goes through here: in its turn, counted, tried again, and its errors told apart."""

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from acme_core.circuit import Circuit
from acme_media.faces.engine import PermanentFaceError, TransientFaceError
from acme_telemetry.providers import Provider, breaker_of, provider_call

T = TypeVar("T")

TRIES = 3
FIRST_PAUSE_S = 0.25
CHARGED = frozenset({"CompareFaces", "DetectFaces", "IndexFaces", "SearchFaces", "SearchFacesByImage"})
"""What AWS has a price for, per picture; collections and lists of faces are kept and read for nothing."""
_BUSY = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "ServiceUnavailable",
        "ThrottlingException",
    }
)
"""Gone in a moment: worth another try at once."""
_TRANSIENT = _BUSY | {
    "ExpiredTokenException",  # the machine's role renews it
}
_TOO_MANY = 429
"""Of whatever stands between us and AWS, in words that are not AWS's."""
_SERVER_ERROR = 500


class Pace(Protocol):
    """Keeps all workers together within the account's quota."""

    async def turn(self, operation: str) -> None:
        """Returns when the call may be made. Raises where that would take too long."""


class Meter(Protocol):
    def count(self, operation: str) -> None:
        """One call that AWS charges for has been answered."""


class RefusedError(PermanentFaceError):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BusyError(TransientFaceError):
    """The same call may be answered in a moment."""


class Calls:
    def __init__(self, pace: Pace | None, meter: Meter | None) -> None:
        self._pace = pace
        self._meter = meter
        self._circuit = Circuit("rekognition", TransientFaceError, tell=breaker_of(Provider.REKOGNITION))

    async def run(self, operation: str, call: Callable[[], T]) -> T:
        """Raises `TransientFaceError`, `CircuitOpen`, or `RefusedError` with AWS's code."""
        for attempt in range(1, TRIES + 1):
            try:
                return await self._run_once(operation, call)
            except BusyError:
                if attempt == TRIES:
                    raise
            await asyncio.sleep(FIRST_PAUSE_S * 2**attempt * random.uniform(0.5, 1.0))  # noqa: S311 - jitter
        raise AssertionError("the last try returns or raises")

    async def _run_once(self, operation: str, call: Callable[[], T]) -> T:
        if self._pace is not None:
            await self._pace.turn(operation)
        async with self._circuit.passing():
            with (
                provider_call(Provider.REKOGNITION, operation, refusals=(PermanentFaceError,)),
                _wrapped_errors(),
            ):
                answer = await asyncio.to_thread(call)
        if self._meter is not None and operation in CHARGED:
            self._meter.count(operation)
        return answer


@contextmanager
def _wrapped_errors() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        raise _told_apart(error) from error
    except ParamValidationError as error:
        raise PermanentFaceError(type(error).__name__) from error
    except BotoCoreError as error:
        raise TransientFaceError(type(error).__name__) from error


def _told_apart(error: ClientError) -> TransientFaceError | RefusedError:
    code = error.response["Error"]["Code"]
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _BUSY or status == _TOO_MANY or status >= _SERVER_ERROR:
        return BusyError(code)
    return TransientFaceError(code) if code in _TRANSIENT else RefusedError(code)
