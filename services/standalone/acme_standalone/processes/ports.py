"""Free and taken ports of the loopback interface."""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import cycle, islice
from typing import Final

import psutil

LOOPBACK = "127.0.0.1"
PORTS: Final = range(16_000, 32_000)
"""Below those that systems give to outgoing connections (from 32,768 or 49,152 on): one of these could take
the port of a server that is being started again, and keep it."""
PORTS_OF_PROCESS: Final = 400


def free_port() -> int:
    """Another one each time, and far from those that a neighbouring process is given. Raises `OSError`."""
    for port in islice(_ports_of(os.getpid()), PORTS_OF_PROCESS):
        if is_free(port):
            return port
    raise OSError(f"none of {PORTS_OF_PROCESS} ports is free")


@cache
def _ports_of(process: int) -> Iterator[int]:
    shares = len(PORTS) // PORTS_OF_PROCESS
    first = PORTS.start + process % shares * PORTS_OF_PROCESS
    return cycle(range(first, first + PORTS_OF_PROCESS))


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers bind: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def holder_of(port: int) -> str:
    """Who listens there, as far as this user may know."""
    with suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("tcp"):
            if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN:
                if connection.pid:
                    return f"{psutil.Process(connection.pid).name()}, pid {connection.pid}"
                break
    return "another user's process"
