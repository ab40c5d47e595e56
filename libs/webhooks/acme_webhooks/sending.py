"""One request to an endpoint, and what came of it. Nothing that the other side does raises."""

import asyncio
import re
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from types import TracebackType
from typing import Self
from uuid import UUID

import httpcore

from acme_core.clock import utc_now
from acme_webhooks.network import AddressRefusedError, GuardedNetwork
from acme_webhooks.secrets import signature
from acme_webhooks.targets import TargetPolicy, WebhookUrlRefused

EXCERPT = 1000
_READ_AT_MOST = 4096
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class SendError(StrEnum):
    """Why there was no good answer."""

    STATUS = "bad_status"
    REDIRECT = "redirect"
    TIMEOUT = "timeout"
    ADDRESS_REFUSED = "address_refused"
    TLS = "tls"
    CONNECTION = "connection"
    PROTOCOL = "protocol"


@dataclass(frozen=True)
class Message:
    request_id: UUID
    url: str
    message_id: str
    body: str
    secrets: Sequence[str]


@dataclass(frozen=True)
class Outcome:
    duration_ms: int
    error: SendError | None = None
    status_code: int | None = None
    excerpt: str | None = None
    retry_after_s: float | None = None

    @property
    def is_gone(self) -> bool:
        return self.status_code == HTTPStatus.GONE


class WebhookSender:
    """No redirects, no proxies of the environment, no cookies: httpcore has none of them."""

    def __init__(self, policy: TargetPolicy, timeout_s: float, concurrency: int) -> None:
        self._timeout_s = timeout_s
        self._policy = policy
        self._pool = httpcore.AsyncConnectionPool(
            max_connections=concurrency,
            max_keepalive_connections=0,  # the next request looks the name up again
            network_backend=GuardedNetwork(policy),
        )

    async def __aenter__(self) -> Self:
        await self._pool.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._pool.__aexit__(kind, error, traceback)

    async def send(self, message: Message) -> Outcome:
        started = time.perf_counter()
        try:
            self._policy.require(message.url)  # it may have been allowed once
            async with asyncio.timeout(self._timeout_s):
                return await self._exchange(message, started)
        except Exception as error:
            return Outcome(_ms_since(started), _kind(error))

    async def _exchange(self, message: Message, started: float) -> Outcome:
        headers = _headers(message)
        async with self._pool.stream(
            "POST", message.url, headers=headers, content=message.body.encode()
        ) as response:
            text = await _beginning(response)
            return Outcome(
                duration_ms=_ms_since(started),
                error=_error_of(response.status),
                status_code=response.status,
                excerpt=text,
                retry_after_s=_retry_after(dict(response.headers)),
            )


def _headers(message: Message) -> list[tuple[str, str]]:
    at = utc_now().replace(microsecond=0)
    return [
        ("content-type", "application/json"),
        ("user-agent", "Acme-Webhooks/1"),
        ("accept-encoding", "identity"),
        ("x-request-id", str(message.request_id)),
        ("webhook-id", message.message_id),
        ("webhook-timestamp", str(int(at.timestamp()))),
        ("webhook-signature", signature(message.secrets, message.message_id, at, message.body)),
    ]


async def _beginning(response: httpcore.Response) -> str:
    """What is kept of the answer; the rest is not even read."""
    raw = b""
    async for chunk in response.aiter_stream():
        raw += chunk
        if len(raw) >= _READ_AT_MOST:
            break
    return _UNPRINTABLE.sub("", raw[:_READ_AT_MOST].decode(errors="replace"))[:EXCERPT]


def _error_of(status: int) -> SendError | None:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    return SendError.REDIRECT if status < HTTPStatus.BAD_REQUEST else SendError.STATUS


def _kind(error: Exception) -> SendError:
    match error:
        case AddressRefusedError() | WebhookUrlRefused():
            return SendError.ADDRESS_REFUSED
        case TimeoutError() | httpcore.TimeoutException():
            return SendError.TIMEOUT
        case httpcore.NetworkError():
            return SendError.TLS if _is_of_tls(error) else SendError.CONNECTION
        case _:
            return SendError.PROTOCOL


def _is_of_tls(error: BaseException | None) -> bool:
    """httpcore and anyio wrap what went wrong, each once."""
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error is not None


def _retry_after(headers: Mapping[bytes, bytes]) -> float | None:
    """Seconds, or a date; what is neither is as good as nothing."""
    names = {name.lower(): value.decode("latin-1") for name, value in headers.items()}
    text = names.get(b"retry-after", "")
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        at: datetime = parsedate_to_datetime(text)
        return max(0.0, (at - utc_now()).total_seconds())
    except (TypeError, ValueError):  # also a date without a zone
        return None


def _ms_since(started: float) -> int:
    return int((time.perf_counter() - started) * 1000)
