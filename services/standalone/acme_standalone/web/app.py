"""One web app as an ASGI application."""

from collections.abc import Mapping
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from acme_standalone.web.configuration import configuration
from acme_standalone.web.files import BuiltApp
from acme_standalone.web.policy import security_headers
from acme_standalone.web.settings import Addresses, WebApp


def create_app(app: WebApp, dist: Path, addresses: Addresses) -> ASGIApp:
    known = configuration(app, addresses)

    async def config(_request: Request) -> Response:
        return JSONResponse(known)

    routes = [Route("/config.json", config), Route("/-/health", health), Mount("/", BuiltApp(dist))]
    return WithHeaders(Starlette(routes=routes), security_headers(app, addresses))


async def health(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


class WithHeaders:
    """Around the whole application, so that its errors carry them too.

    An answer that says nothing of caching is not kept.
    """

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)
