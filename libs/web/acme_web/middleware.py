"""Plain ASGI middleware: what every request passes through."""

import re
import time
from functools import lru_cache
from http import HTTPStatus
from secrets import token_hex

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from acme_core.origin import Origin, set_origin
from acme_telemetry import spans
from acme_telemetry.metrics import HTTP_DURATION, HTTP_REQUESTS, Counter, Histogram
from acme_web.problems import BodyTooLarge, Overloaded, answer_crash, render

log = structlog.get_logger()

NEVER_ENDS = "acme.never_ends"
"""In the scope of an answer that is a stream of events: how long it was followed is no time to answer."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_UNTRACKED = {"/health/live", "/health/ready", "/metrics"}

SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
"""As ASGI has them: put into every answer, they cost a tenth of what they do by name."""


class RequestContext:
    """Request id, access log, metrics and security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        started = time.perf_counter()
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, request_id)
            await send(message)

        client = scope.get("client")
        set_origin(Origin(request_id, client[0] if client else None))
        structlog.contextvars.bind_contextvars(request_id=request_id)  # until the request's own task ends
        is_traced = spans.is_on() and scope["path"] not in _UNTRACKED
        try:
            await (self._traced if is_traced else self._app)(scope, receive, send_with_headers)
        finally:
            _record(scope, status, time.perf_counter() - started)

    async def _traced(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = HTTPStatus.INTERNAL_SERVER_ERROR

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        sent = dict(scope["headers"]).get(b"traceparent", b"").decode("latin-1")
        with spans.span("request", spans.Kind.SERVER, traceparent=sent or None):
            structlog.contextvars.bind_contextvars(trace_id=spans.trace_id())
            try:
                await self._app(scope, receive, noted)
            finally:
                _name_span(scope, status)


def _name_span(scope: Scope, status: int) -> None:
    method, route = _method(scope), _route(scope)
    attributes: spans.Attributes = {
        "http.request.method": method,
        "http.route": route,
        "http.response.status_code": status,
    }
    is_error = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    spans.name_span(f"{method} {route}", attributes, is_error=is_error)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(given := value.decode("latin-1")):
            return str(given)
    return token_hex(16)


def _add_headers(message: Message, request_id: str) -> None:
    """What a route has set for itself stays."""
    headers = message["headers"] = list(message.get("headers", ()))
    given = {name.lower() for name, _ in headers}
    headers.extend(header for header in SECURITY_HEADERS if header[0] not in given)
    headers.append((b"x-request-id", request_id.encode()))


def _record(scope: Scope, status: int, seconds: float) -> None:
    method, route = _method(scope), _route(scope)
    count, duration = _metrics(method, route, status)
    count.inc()
    if NEVER_ENDS not in scope:
        duration.observe(seconds)
    if scope["path"] not in _UNTRACKED:
        log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


def _route(scope: Scope) -> str:
    """As it is declared; a shortcut is told as its twin."""
    return getattr(scope.get("route"), "path", "unmatched")


def _method(scope: Scope) -> str:
    """A client may make up any: each would be a row of the metrics for ever."""
    method: str = scope["method"]
    return method if method in _METHODS else "OTHER"


@lru_cache(maxsize=2048)
def _metrics(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return HTTP_REQUESTS.labels(method, route, status), HTTP_DURATION.labels(method, route)


class CrashAnswer:
    """Answers for a handler that crashed, inside of CORS and the request's context.

    The framework does so outside of both: a browser's app would be kept from reading the answer, and take
    the crash for a lost connection.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            if has_begun:
                raise
            answer = await answer_crash(Request(scope), error)
            await answer(scope, receive, send)


class InFlightLimit:
    """Answers at once that there is no room, instead of letting everybody wait for longer than they do.

    A request counts until its answer begins: a stream that stays open is no work.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _always_passes(scope):
            await self._app(scope, receive, send)
        elif self._count >= self._most:
            await render(Request(scope), Overloaded(headers={"Retry-After": "1"}))(scope, receive, send)
        else:
            await self._count_in(scope, receive, send)

    async def _count_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._count += 1
        counted = 1

        async def noted(message: Message) -> None:
            nonlocal counted
            self._count, counted = self._count - counted, 0
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self._count -= counted


def _always_passes(scope: Scope) -> bool:
    """Probes, a provider's webhooks, and whoever takes something back: consents, selfies, accounts."""
    path: str = scope["path"]
    return scope["method"] == "DELETE" or path in _UNTRACKED or path.startswith("/v1/webhooks/")


class BodyLimit:
    """Refuses a body over the limit: by its announced length, or while it streams in."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdigit() or int(announced) > self._max_bytes:
            await render(Request(scope), BodyTooLarge())(scope, receive, send)
            return
        await self._app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._max_bytes:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        return counted
