import asyncio
from pathlib import Path

import pytest

from acme_standalone.guard import refuse_production
from acme_standalone.settings.environment import compose_environment
from acme_standalone.settings.ports import Ports
from acme_standalone.settings.secrets import Secrets
from acme_standalone.supervisor.backoff import Backoff
from acme_standalone.supervisor.logs import ProcessLog
from acme_standalone.supervisor.plan import platform_units
from acme_standalone.supervisor.supervisor import layers
from acme_standalone.supervisor.unit import answers


def test_restarts_come_slower_until_a_process_has_lived_a_while() -> None:
    backoff = Backoff()
    assert [backoff.after(0) for _ in range(8)] == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]
    assert backoff.after(31) == 0.2
    assert backoff.after(1) == 0.4


def test_logs_keep_a_bounded_number_of_bounded_files(tmp_path: Path) -> None:
    log = ProcessLog(tmp_path / "web.log", limit=100)
    for number in range(100):
        log.write(b"%03d " % number + b"x" * 40 + b"\n")
    log.close()
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["web.log", "web.log.1", "web.log.2", "web.log.3"]
    assert all(file.stat().st_size < 200 for file in files)
    newest_first = [file.read_bytes()[:3] for file in files if file.stat().st_size]
    assert newest_first == sorted(newest_first, reverse=True)


def test_shown_lines_are_whole_even_when_they_come_in_pieces(tmp_path: Path) -> None:
    shown: list[str] = []
    log = ProcessLog(tmp_path / "web.log", shown.append)
    for piece in (b"one\ntw", b"o\nthr", b"ee"):
        log.write(piece)
    log.close()
    assert shown == ["one", "two"]
    assert log.path.read_text() == "one\ntwo\nthree"


def test_services_start_after_all_servers_and_steps(tmp_path: Path) -> None:
    ports, secrets = Ports(), Secrets()
    units = platform_units(tmp_path, ports, secrets, compose_environment(tmp_path, ports, secrets))
    *servers, services = layers(units)
    assert set(services) == {
        *(
            "backoffice",
            "main",
            "media",
            "relay",
            "main-worker",
            "webhooks-worker",
            "images-worker",
            "faces-worker",
        ),
    }
    assert {"postgres", "valkey", "objectstore", "stripe", "mailbox"} <= set(servers[0])
    assert "migrations" in servers[1]
    assert {"backoffice-web", "main-web"} <= set(servers[0]), "they wait for nothing"


def test_the_web_apps_are_served_from_the_folder_that_is_named(tmp_path: Path) -> None:
    ports, secrets = Ports(main_web=4444), Secrets()
    environment = compose_environment(tmp_path, ports, secrets) | {"ACME_WEB_DIST": str(tmp_path / "built")}
    units = {u.name: u for u in platform_units(tmp_path, ports, secrets, environment)}
    argv = units["main-web"].prepare().argv
    assert argv[1:5] == ("-m", "acme_standalone.web", "--app", "main")
    assert argv[argv.index("--dist") + 1] == str(tmp_path / "built" / "main")
    assert argv[argv.index("--port") + 1] == "4444"


def test_the_stand_ins_are_told_where_to_keep_and_whom_to_call(tmp_path: Path) -> None:
    ports, secrets = Ports(main=4444), Secrets()
    units = {u.name: u for u in platform_units(tmp_path, ports, secrets, {"ACME_ENV": "standalone"})}
    stripe = units["stripe"].prepare()
    assert "http://127.0.0.1:4444/v1/webhooks/stripe" in stripe.argv
    assert secrets.stripe_secret_key not in stripe.argv
    assert units["images-worker"].prepare().argv[1:] == ("-m", "acme_media.worker", "images")
    assert stripe.environment["ACME_ENV"] == "standalone"


async def test_readiness_is_status_200_and_nothing_else() -> None:
    statuses = [b"503 Service Unavailable", b"200 OK"]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 " + statuses.pop(0) + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    check = answers(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/health/ready")
    assert [await check(0), await check(0)] == [False, True]
    server.close()
    await server.wait_closed()
    assert await check(0) is False


@pytest.mark.parametrize("name", ["production", "staging", "Production"])
def test_stand_ins_refuse_every_environment_that_is_not_local(name: str) -> None:
    with pytest.raises(SystemExit, match=name):
        refuse_production({"ACME_ENV": name})


@pytest.mark.parametrize("environ", [{}, {"ACME_ENV": ""}, {"ACME_ENV": "standalone"}, {"ACME_ENV": "test"}])
def test_stand_ins_run_in_local_environments(environ: dict[str, str]) -> None:
    refuse_production(environ)
