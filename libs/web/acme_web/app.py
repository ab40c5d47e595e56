"""Builds the shell of a service around its routers."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from acme_config.settings import ServerSettings
from acme_core.version import VERSION
from acme_telemetry.observed import observed
from acme_web import health
from acme_web.middleware import BodyLimit, CrashAnswer, InFlightLimit, RequestContext
from acme_web.problems import ANYWHERE, install_error_handlers, problems
from acme_web.proxies import TrustedPeer
from acme_web.routing import Indexed
from acme_web.shortcuts import Shortcut, Shortcuts

MAX_BODY_BYTES = 1_000_000
"""Files never pass through a service: they go straight to the object store."""

PREFIX = "/v1"
EVERYWHERE = problems(*ANYWHERE)

SENT_HEADERS = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "Last-Event-ID",
    "Traceparent",
    "X-Request-ID",
    "X-Session",
)
"""What the web apps send: live events too are read by fetch, for an EventSource carries no token."""

PREFLIGHT_S = 7200
"""The longest that Chromium remembers an answer."""

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def _operation_id(route: APIRoute) -> str:
    return route.name


def _observed(title: str, lifespan: Lifespan) -> Lifespan:
    @asynccontextmanager
    async def whole(app: FastAPI) -> AsyncIterator[None]:
        with observed(title.lower().replace(" ", "-")):
            async with lifespan(app):
                yield

    return whole


def build_app(
    *,
    title: str,
    server: ServerSettings,
    routers: Sequence[APIRouter],
    lifespan: Lifespan,
    shortcuts: Sequence[Shortcut] = (),
    at_root: Sequence[APIRouter] = (),
) -> FastAPI:
    """`at_root`: what stands at paths that others have fixed, such as `/.well-known`."""
    app = FastAPI(
        title=title,
        version=VERSION,
        lifespan=_observed(title, lifespan),
        generate_unique_id_function=_operation_id,
        separate_input_output_schemas=True,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # the redirect would lead to whatever host the request names
    )
    app.state.server = server
    install_error_handlers(app)
    app.include_router(health.router)
    for router in at_root:
        app.include_router(router, responses=EVERYWHERE)
    for router in routers:
        app.include_router(Indexed(router, PREFIX), prefix=PREFIX, responses=EVERYWHERE)
    app.add_middleware(CrashAnswer)
    app.add_middleware(BodyLimit, max_bytes=MAX_BODY_BYTES)
    app.add_middleware(Shortcuts, shortcuts=shortcuts, max_body_bytes=MAX_BODY_BYTES)
    app.add_middleware(InFlightLimit, most=server.requests_at_once)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=server.cors_origins,
        allow_credentials=True,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=SENT_HEADERS,
        expose_headers=["Content-Disposition", "Retry-After", "X-Request-ID"],
        max_age=PREFLIGHT_S,
    )
    app.add_middleware(RequestContext)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=server.trusted_proxies)
    app.add_middleware(TrustedPeer, trusted=server.trusted_proxies)
    return app
