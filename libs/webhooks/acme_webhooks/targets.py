"""Where a request may go. An operator names the address: it must not reach what only we can reach."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from acme_core.errors import Invalid

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_OWN_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")
"""RFC 8215: each network's own, which Python before 3.13 takes for global."""


class WebhookUrlRefused(Invalid):
    code = "webhook_url_refused"
    title = "Webhooks go to public addresses over https only"


@dataclass(frozen=True)
class TargetPolicy:
    is_open: bool
    """True on a developer's machine: http and private addresses may be named as well."""

    def require(self, url: str) -> None:
        """What can be told from the address itself. Raises `WebhookUrlRefused`."""
        parts = urlsplit(url)
        if self.is_open:
            return
        if parts.scheme != "https":
            raise WebhookUrlRefused
        literal = _literal(parts.hostname or "")
        if literal is not None and not is_public(literal):
            raise WebhookUrlRefused

    def allows(self, address: Address) -> bool:
        return self.is_open or is_public(address)


def is_public(address: Address) -> bool:
    """Also behind what carries an IPv4 address within an IPv6 one."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or _behind_nat64(address)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None or address in _OWN_NAT64:
            return False
    return address.is_global and not address.is_multicast


def _behind_nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF) if address in _NAT64 else None


def _literal(host: str) -> Address | None:
    """As the resolver would read it: `127.1` and `0x7f000001` are addresses too."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None
