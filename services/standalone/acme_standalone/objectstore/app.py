"""The S3 endpoint as an ASGI application."""

import errno
import secrets
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from acme_standalone.objectstore import cors, documents
from acme_standalone.objectstore.call import Call
from acme_standalone.objectstore.errors import ErrorCode, S3Error
from acme_standalone.objectstore.request import S3Request, read_request
from acme_standalone.objectstore.routes import find_handler
from acme_standalone.objectstore.settings import ObjectStoreSettings
from acme_standalone.objectstore.sigv4 import Verifier
from acme_standalone.objectstore.store import ObjectStore

log = structlog.get_logger()


def create_app(settings: ObjectStoreSettings) -> Starlette:
    endpoint = S3Endpoint(settings)
    app = Starlette(routes=[Route("/-/health", health)], lifespan=endpoint.lifespan)
    # The router's default, not a route: routes match decoded paths, and a key may hold a line feed.
    app.router.default = endpoint
    app.router.redirect_slashes = False
    return app


async def health(_request: Request) -> Response:
    """No bucket is called "-", so this address is nobody's."""
    return JSONResponse({"status": "ok"})


class Body:
    """The ASGI `receive`, remembering whether anybody asked for the body."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.is_wanted = False

    async def __call__(self) -> Message:
        self.is_wanted = True
        return await self._receive()


@dataclass(slots=True)
class Trace:
    """What the log says about a request: never its query, which may hold a signature."""

    request_id: str = field(default_factory=lambda: secrets.token_hex(8).upper())
    started: float = field(default_factory=time.perf_counter)
    operation: str = "unknown"
    error: str | None = None

    def report(self, request: S3Request | None, method: str, status: int) -> None:
        log.info(
            "s3_request",
            request_id=self.request_id,
            method=method,
            operation=self.operation,
            bucket=request.bucket if request else None,
            key=request.key if request else None,
            status=status,
            error=self.error,
            duration_ms=round((time.perf_counter() - self.started) * 1000, 1),
        )


class S3Endpoint:
    def __init__(self, settings: ObjectStoreSettings) -> None:
        self._settings = settings
        self._verifier = Verifier(
            settings.access_key_id,
            settings.secret_access_key.get_secret_value(),
            settings.region,
            settings.clock_skew,
        )
        self._store: ObjectStore | None = None

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        self._store = await run_in_threadpool(ObjectStore, self._settings.data_dir)
        try:
            yield
        finally:
            self._store.close()
            self._store = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        trace, body, request = Trace(), Body(receive), None
        try:
            request = read_request(scope, body)
            response = await self._answer_with_cors(request, trace)
        except S3Error as error:
            response = error_response(error, trace)
        response.headers["x-amz-request-id"] = trace.request_id
        if "expect" in Headers(scope=scope) and not body.is_wanted:
            # The client may now leave out the body that it announced: its next bytes could not be told apart.
            response.headers["connection"] = "close"
        await response(scope, receive, send)
        trace.report(request, scope["method"], response.status_code)

    async def _answer_with_cors(self, request: S3Request, trace: Trace) -> Response:
        if self._store is None:
            raise RuntimeError("the application serves only within its lifespan")
        if request.method == "OPTIONS":
            trace.operation = "preflight"
            return await cors.preflight(request, self._store.index)
        headers = await cors.response_headers(request, self._store.index)
        response = await self._answer(request, self._store, trace)
        response.headers.update({**headers, "X-Content-Type-Options": "nosniff"})
        return response

    async def _answer(self, request: S3Request, store: ObjectStore, trace: Trace) -> Response:
        try:
            authorization = self._verifier.verify(request, datetime.now(UTC))
            handler = find_handler(request)
            trace.operation = handler.__name__
            return await handler(Call(request, authorization, store, self._settings.limits))
        except S3Error as error:
            return error_response(error, trace)
        except Exception as error:
            log.exception("s3_request_failed", request_id=trace.request_id, operation=trace.operation)
            code = ErrorCode.STORAGE_FULL if _is_full(error) else ErrorCode.INTERNAL_ERROR
            return error_response(S3Error(code), trace)


def _is_full(error: Exception) -> bool:
    """The disk, a quota, or the size that this process may give to files."""
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE}
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def error_response(error: S3Error, trace: Trace) -> Response:
    trace.error = error.code.wire
    children = [
        ("Code", error.code.wire),
        ("Message", error.message),
        *error.details.items(),
        ("RequestId", trace.request_id),
    ]
    body = documents.render("Error", children, namespace=None)
    return Response(body, error.code.status, error.headers, "application/xml")
