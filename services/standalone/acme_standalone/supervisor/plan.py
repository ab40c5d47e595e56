"""The units of the platform and what each waits for."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from acme_standalone.postgres import EmbeddedPostgres
from acme_standalone.processes.command import Command
from acme_standalone.processes.ports import LOOPBACK
from acme_standalone.settings.environment import rekognition_stand_in
from acme_standalone.settings.ports import Ports
from acme_standalone.settings.secrets import Secrets
from acme_standalone.supervisor.steps import STEPS, Step
from acme_standalone.supervisor.unit import Unit, answers, in_thread, lives_for
from acme_standalone.valkey import EmbeddedValkey
from acme_standalone.web.dist import dist_of
from acme_standalone.web.settings import WebApp

WEBHOOK_PATH = "/v1/webhooks/stripe"
SETTLED_S = 1.0


def platform_units(data: Path, ports: Ports, secrets: Secrets, environment: dict[str, str]) -> list[Unit]:
    """In an order in which each comes after what it waits for."""
    inherited = {**os.environ, **environment, "PYTHONUNBUFFERED": "1"}
    servers = [*server_units(data, ports, secrets), *_stand_ins(data, ports, inherited)]
    steps = [_step(step, inherited) for step in STEPS]
    before_services = tuple(unit.name for unit in (*servers, *steps))
    return [*servers, *steps, *_services(ports, before_services, inherited), *_web_apps(ports, inherited)]


def server_units(data: Path, ports: Ports, secrets: Secrets) -> list[Unit]:
    return [_postgres(data, ports, secrets), _valkey(data, ports, secrets)]


def _postgres(data: Path, ports: Ports, secrets: Secrets) -> Unit:
    server = EmbeddedPostgres(data / "postgres", ports.database, password=secrets.database_password)
    return Unit(
        "postgres",
        server.prepare,
        in_thread(server.is_ready),
        stop_signal=signal.SIGINT,  # its fast shutdown
        stop_grace_s=20,
        start_timeout_s=300,  # after a crash it first replays its log
        release=server.release,
    )


def _valkey(data: Path, ports: Ports, secrets: Secrets) -> Unit:
    server = EmbeddedValkey(data / "valkey", ports.redis, password=secrets.redis_password)
    return Unit("valkey", server.prepare, in_thread(server.is_ready), release=server.release)


def _stand_ins(data: Path, ports: Ports, environment: dict[str, str]) -> list[Unit]:
    webhook = f"http://{LOOPBACK}:{ports.main}{WEBHOOK_PATH}"
    store = ("-m", "acme_standalone.objectstore", "--data-dir", str(data / "objects"), *_listen(ports.s3))
    stripe = (
        "-m",
        "acme_standalone.stripe_standin",
        "--data-dir",
        str(data / "stripe"),
        *_listen(ports.stripe),
    )
    inbox = ("-m", "acme_standalone.mailbox", "--dir", str(data / "mailbox"), *_listen(ports.mailbox))
    return [
        _web("objectstore", store, environment, ports.s3, "/-/health"),
        _web("stripe", (*stripe, "--webhook-url", webhook), environment, ports.stripe, "/-/health"),
        _web("mailbox", inbox, environment, ports.mailbox, "/-/health"),
        *_rekognition(data, ports, environment),
    ]


def _rekognition(data: Path, ports: Ports, environment: dict[str, str]) -> list[Unit]:
    """Only where the settings have led an engine to it."""
    if environment["REKOGNITION_ENDPOINT_URL"] != rekognition_stand_in(ports):
        return []
    module = ("-m", "acme_standalone.rekognition_standin", "--data-dir", str(data / "rekognition"))
    arguments = (*module, *_listen(ports.rekognition))
    return [_web("rekognition", arguments, environment, ports.rekognition, "/-/health")]


def _services(ports: Ports, after: tuple[str, ...], environment: dict[str, str]) -> list[Unit]:
    apis = {"backoffice": ports.backoffice, "main": ports.main, "media": ports.media}
    return [
        *(
            replace(_web(name, ("-m", f"acme_{name}"), environment, port, "/health/ready", after), port=port)
            for name, port in apis.items()
        ),
        *_workers(ports, after, environment),
    ]


def _workers(ports: Ports, after: tuple[str, ...], environment: dict[str, str]) -> list[Unit]:
    """Each with a port for its metrics."""

    def worker(name: str, metrics_port: int, *module: str) -> Unit:
        own = {**environment, "METRICS_HOST": LOOPBACK, "METRICS_PORT": str(metrics_port)}
        return Unit(name, python_command(("-m", *module), own), lives_for(SETTLED_S), after)

    return [
        worker("relay", ports.relay_metrics, "acme_main.relay"),
        worker("main-worker", ports.main_worker_metrics, "acme_main.worker"),
        worker("webhooks-worker", ports.webhooks_worker_metrics, "acme_main.webhook_worker"),
        worker("images-worker", ports.images_worker_metrics, "acme_media.worker", "images"),
        worker("faces-worker", ports.faces_worker_metrics, "acme_media.worker", "faces"),
    ]


def _web_apps(ports: Ports, environment: dict[str, str]) -> list[Unit]:
    """They wait for nothing: their pages say themselves when an API is not there."""
    apps = {WebApp.BACKOFFICE: ports.backoffice_web, WebApp.MAIN: ports.main_web}
    return [
        _web(f"{app}-web", (*_web_app(app, environment), *_listen(port)), environment, port, "/-/health")
        for app, port in apps.items()
    ]


def _web_app(app: WebApp, environment: dict[str, str]) -> tuple[str, ...]:
    return ("-m", "acme_standalone.web", "--app", app.value, "--dist", str(dist_of(app, environment)))


def _listen(port: int) -> tuple[str, ...]:
    return ("--host", LOOPBACK, "--port", str(port))


def _web(
    name: str,
    arguments: Sequence[str],
    environment: dict[str, str],
    port: int,
    health: str,
    after: tuple[str, ...] = (),
) -> Unit:
    return Unit(
        name, python_command(arguments, environment), answers(f"http://{LOOPBACK}:{port}{health}"), after
    )


def _step(step: Step, environment: dict[str, str]) -> Unit:
    command = python_command(("-m", "acme_standalone.supervisor.steps", step.name), environment)
    return Unit(step.name, command, lives_for(0), step.after, is_step=True)


def python_command(arguments: Sequence[str], environment: dict[str, str]) -> Callable[[], Command]:
    return lambda: Command((sys.executable, *arguments), environment)
