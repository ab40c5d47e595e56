"""How long we try: passing faults are waited out, with growing pauses."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from acme_standalone.upload.errors import UnreachableError

PASSING = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


@dataclass(frozen=True)
class Patience:
    attempts: int = 6
    first_wait_s: float = 0.5
    longest_wait_s: float = 60.0

    async def answer(
        self, call: Callable[[], Awaitable[httpx.Response]], also_passing: frozenset[int] = frozenset()
    ) -> httpx.Response:
        """The first answer that is no passing fault. Raises `UnreachableError`."""
        for attempt in range(self.attempts):
            told_wait_s = 0.0
            try:
                answer = await call()
            except (httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
                raise UnreachableError(str(error)) from error
            except httpx.TransportError as error:
                fault = f"{_where(error.request)} does not answer ({type(error).__name__})"
            else:
                if answer.status_code not in PASSING | also_passing:
                    return answer
                fault = f"{_where(answer.request)} answers {answer.status_code}"
                told_wait_s = _retry_after_s(answer)
            if attempt + 1 == self.attempts or told_wait_s > self.longest_wait_s:
                break
            await asyncio.sleep(max(told_wait_s, self._pause_s(attempt)))
        hint = f"; try again in {told_wait_s:.0f} s" if told_wait_s else ""
        raise UnreachableError(fault + hint)

    def _pause_s(self, attempt: int) -> float:
        longest = min(self.longest_wait_s, self.first_wait_s * 2.0**attempt)
        return random.uniform(longest / 2, longest)  # noqa: S311 - spreads load, guards nothing


def _where(request: httpx.Request) -> str:
    return request.url.netloc.decode("ascii")


def _retry_after_s(answer: httpx.Response) -> float:
    """0 without one, or when it is a date: neither our services nor object stores send those."""
    value = answer.headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else 0.0
