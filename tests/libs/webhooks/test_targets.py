import ipaddress
import socket
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import pytest
from httpcore import SOCKET_OPTION, AnyIOBackend, AsyncNetworkStream

from acme_webhooks.network import AddressRefusedError, GuardedNetwork
from acme_webhooks.sending import Message, SendError, WebhookSender
from acme_webhooks.targets import TargetPolicy, WebhookUrlRefused, is_public
from tests.services.receiver import listening

STRICT, OPEN = TargetPolicy(is_open=False), TargetPolicy(is_open=True)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def message(url: str) -> Message:
    return Message(uuid4(), url, "evt_1", "{}", [SECRET])


class Dialled(AnyIOBackend):
    """Notes which address is connected to, and connects to none."""

    def __init__(self) -> None:
        self.hosts: list[str] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,  # noqa: ARG002 - httpcore's signature
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's signature
        local_address: str | None = None,  # noqa: ARG002 - httpcore's signature
        socket_options: Iterable[SOCKET_OPTION] | None = None,  # noqa: ARG002 - httpcore's signature
    ) -> AsyncNetworkStream:
        self.hosts.append(host)
        raise ConnectionError


def resolving_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """The resolver answers with these, one after the other."""
    waiting = iter(answers)

    def resolve(_: str, port: int, *__: Any, **___: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(waiting)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1"),
        *("224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1"),
        *("::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "64:ff9b::a00:1", "64:ff9b:1::1"),
        "2001:0:53aa:64c:0:fbff:f5ff:fffe",
    ],
)
def test_what_only_we_can_reach_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101"])
def test_what_everybody_can_reach_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example.com/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]:8443/",
        "https://169.254.169.254/latest/meta-data/",
    ],
)
def test_an_address_that_tells_itself_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(WebhookUrlRefused):
        STRICT.require(url)


def test_on_a_developers_machine_all_is_allowed() -> None:
    OPEN.require("http://127.0.0.1:8000/")
    STRICT.require("https://shop.example.com/")


async def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving_to(monkeypatch, ["10.0.0.7"], ["93.184.216.34", "10.0.0.7"])
    dialled = Dialled()
    for _ in range(2):
        with pytest.raises(AddressRefusedError):
            await GuardedNetwork(STRICT, dialled).connect_tcp("shop.example.com", 443)
    assert dialled.hosts == []


async def test_what_was_looked_up_is_what_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that changes its mind between the check and the call is asked only once."""
    resolving_to(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    dialled = Dialled()
    with pytest.raises(ConnectionError):
        await GuardedNetwork(STRICT, dialled).connect_tcp("shop.example.com", 443)
    assert dialled.hosts == ["93.184.216.34"]


async def test_where_one_address_does_not_answer_the_next_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as receiver:
        port = int(receiver.url.rpartition(":")[2].partition("/")[0])
        resolving_to(monkeypatch, ["127.0.0.2", "127.0.0.1"])
        stream = await GuardedNetwork(OPEN).connect_tcp("shop.example.com", port, 5)
        assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
        await stream.aclose()


async def test_sending_asks_the_guard_too() -> None:
    """`localhost` says nothing by its name; where it leads to does."""
    async with WebhookSender(STRICT, 5, 1) as sender:
        inside = await sender.send(message("https://localhost/"))
        plain = await sender.send(message("http://shop.example.com/"))
    assert (inside.error, plain.error) == (SendError.ADDRESS_REFUSED, SendError.ADDRESS_REFUSED)


async def test_who_speaks_no_tls_is_told_apart() -> None:
    with listening() as receiver:
        async with WebhookSender(OPEN, 5, 1) as sender:
            outcome = await sender.send(message(receiver.url.replace("http:", "https:")))
    assert outcome.error is SendError.TLS
    assert receiver.received == []


async def test_a_large_answer_is_not_read_to_its_end() -> None:
    with listening() as receiver:
        receiver.status, receiver.body = 200, "é".encode() * 5_000_000
        async with WebhookSender(OPEN, 5, 1) as sender:
            outcome = await sender.send(message(receiver.url))
    assert outcome.error is None
    assert outcome.excerpt == "é" * 1000
