"""What a proxy in front tells of the client, believed only when it comes from a trusted one."""

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Request
from starlette.types import ASGIApp, Receive, Scope, Send

COUNTRY_HEADER = "cf-ipcountry"
_COUNTRY = re.compile(r"[A-Z]{2}")
_UNKNOWN = {"XX", "T1"}
"""Nowhere, and Tor."""
KEPT_PEERS = 1024
_IS_TRUSTED = "acme.peer_is_trusted"


class TrustedPeer:
    """Marks requests of trusted proxies; stands before anything that replaces the peer's address."""

    def __init__(self, app: ASGIApp, trusted: str) -> None:
        self._app = app
        self._trusts_all = trusted.strip() == "*"
        self._networks = [] if self._trusts_all else _networks(trusted)
        self._trusts_address = lru_cache(maxsize=KEPT_PEERS)(self._is_trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[_IS_TRUSTED] = self._trusts(scope.get("client"))
        await self._app(scope, receive, send)

    def _trusts(self, client: Sequence[object] | None) -> bool:
        return client is not None and self._trusts_address(str(client[0]))

    def _is_trusted(self, text: str) -> bool:
        try:
            address = ip_address(text)
        except ValueError:
            return False
        return self._trusts_all or any(address in network for network in self._networks)


def _networks(trusted: str) -> list[IPv4Network | IPv6Network]:
    return [ip_network(part.strip(), strict=False) for part in trusted.split(",") if part.strip()]


async def _country(request: Request) -> str | None:
    value = request.headers.get(COUNTRY_HEADER, "").upper()
    is_known = _COUNTRY.fullmatch(value) is not None and value not in _UNKNOWN
    return value if is_known and request.scope.get(_IS_TRUSTED) else None


ClientCountry = Annotated[str | None, Depends(_country)]
"""ISO 3166-1 alpha-2, as the trusted proxy has found it; None when it is not known."""
