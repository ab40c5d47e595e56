"""Connections of outgoing requests: to the very address that was looked up and found to be allowed."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable

from httpcore import SOCKET_OPTION, AnyIOBackend, AsyncNetworkBackend, AsyncNetworkStream, ConnectError

from acme_webhooks.targets import Address, TargetPolicy

SocketOptions = Iterable[SOCKET_OPTION]


class AddressRefusedError(ConnectError):
    """The name leads to an address that is not public."""


class GuardedNetwork(AsyncNetworkBackend):
    """Looks the name up once, and connects to the very address that was found to be allowed.

    To check first and let the connection look the name up again would leave a gap: a name may lead to
    another address the second time.
    """

    def __init__(self, policy: TargetPolicy, inner: AsyncNetworkBackend | None = None) -> None:
        self._policy = policy
        self._inner = inner or AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> AsyncNetworkStream:
        addresses = await _resolved(host, port)
        refused = [address for address in addresses if not self._policy.allows(address)]
        if refused:  # not even when others are public: such a name is no accident
            raise AddressRefusedError(f"{host} leads to an address that is not public")
        failure = ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                return await self._inner.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except ConnectError as error:  # the next one may be of the other family
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's signature
        socket_options: SocketOptions | None = None,  # noqa: ARG002 - httpcore's signature
    ) -> AsyncNetworkStream:
        raise AddressRefusedError(f"{path} is no network address")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


async def _resolved(host: str, port: int) -> list[Address]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ConnectError(f"{host} cannot be looked up") from error
    return [ipaddress.ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in found]
