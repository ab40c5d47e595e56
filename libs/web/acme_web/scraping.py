"""Who may read `/metrics`: nobody who comes from outside."""

import secrets
from ipaddress import ip_address

from starlette.requests import Request

from acme_config.settings import ServerSettings
from acme_web.resources import AuthResources

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
"""What proxies add: with any of them a request comes from farther away than its address says."""


def may_read_metrics(request: Request) -> bool:
    server: ServerSettings = request.app.state.server
    if server.metrics_token is not None:
        return _has_token(request, server.metrics_token.get_secret_value())
    auth: AuthResources | None = getattr(request.app.state, "auth", None)
    is_public = auth is not None and auth.is_public
    return not is_public and _is_of_this_machine(request)


def _has_token(request: Request, token: str) -> bool:
    given = request.headers.get("authorization", "").encode("latin-1")
    return secrets.compare_digest(given, f"Bearer {token}".encode())


def _is_of_this_machine(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
