import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from acme_standalone.processes.lock import AlreadyLockedError
from acme_standalone.valkey import EmbeddedValkey, ValkeyFailedError


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    # A folder that needs quoting in the server's configuration.
    with EmbeddedValkey(tmp_path / 'a "b" folder') as server:
        yield server


def ask(server: EmbeddedValkey, *commands: str, password: str | None = None) -> str:
    secret = server.url.split(":")[2].split("@")[0] if password is None else password
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall("".join(f"{c}\r\n" for c in (f"AUTH {secret}", *commands, "QUIT")).encode())
        return b"".join(iter(lambda: connection.recv(4096), b"")).decode()


def test_it_keeps_everything_and_appends_to_a_file(valkey: EmbeddedValkey) -> None:
    answer = ask(valkey, "CONFIG GET maxmemory-policy", "CONFIG GET appendonly", "CONFIG GET appendfsync")
    assert "noeviction" in answer
    assert "yes" in answer
    assert "everysec" in answer


def test_it_asks_for_the_password_and_does_not_show_it(valkey: EmbeddedValkey) -> None:
    assert "NOAUTH" in ask(valkey, "GET x", password="wrong-password")
    assert valkey.pid
    process = psutil.Process(valkey.pid)
    assert valkey.url.split(":")[2].split("@")[0] not in " ".join(process.cmdline())
    assert {c.laddr.ip for c in process.net_connections() if c.status == "LISTEN"} == {"127.0.0.1"}


def test_data_survive_a_stop_and_a_killed_server(valkey: EmbeddedValkey) -> None:
    ask(valkey, "SET first 1")
    valkey.stop()
    valkey.start()
    ask(valkey, "SET second 2")
    assert valkey.pid
    killed = psutil.Process(valkey.pid)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait(10)
    valkey.start()
    assert ask(valkey, "MGET first second").endswith("$1\r\n1\r\n$1\r\n2\r\n+OK\r\n")


def test_a_second_launcher_is_refused_and_an_orphan_is_replaced(valkey: EmbeddedValkey) -> None:
    home = valkey.log.parent
    with pytest.raises(AlreadyLockedError):
        EmbeddedValkey(home).start()
    valkey.release()  # as if its launcher had died without the kernel telling it
    with EmbeddedValkey(home) as heir:
        assert valkey.pid is None
        assert "PONG" in ask(heir, "PING")


def test_a_taken_port_is_named(valkey: EmbeddedValkey, tmp_path: Path) -> None:
    with pytest.raises(ValkeyFailedError, match=rf"port {valkey.port}[\s\S]*in use"):
        EmbeddedValkey(tmp_path / "second", valkey.port).start()
