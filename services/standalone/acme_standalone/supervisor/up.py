"""`acme up`: the platform in the foreground until it is told to stop."""

import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from acme_standalone.processes.leftovers import end_run
from acme_standalone.processes.lock import FileLock
from acme_standalone.settings.environment import PUBLIC_HOST, compose_environment
from acme_standalone.settings.ports import Ports
from acme_standalone.settings.secrets import Secrets
from acme_standalone.supervisor.plan import platform_units
from acme_standalone.supervisor.state import DataDirectory
from acme_standalone.supervisor.supervisor import Supervisor
from acme_standalone.supervisor.unit import Unit

Plan = Callable[[Path, Ports, Secrets, dict[str, str]], list[Unit]]

PLACES = {
    "Backoffice": "BACKOFFICE_WEB_URL",
    "Guests' app": "MAIN_WEB_URL",
    "Backoffice API": "BACKOFFICE_API_URL",
    "Main API": "MAIN_API_URL",
    "Media API": "MEDIA_API_URL",
    "Mailbox": "MAILBOX_URL",
    "Object store (S3)": "S3_ENDPOINT_URL",
    "Payments (Stripe stand-in)": "STRIPE_API_BASE",
    "Faces (Rekognition)": "REKOGNITION_ENDPOINT_URL",
}


def up(
    data: DataDirectory,
    ports: Ports,
    knobs: dict[str, str],
    *,
    is_verbose: bool = False,
    plan: Plan = platform_units,
) -> int:
    """Returns the exit status. Raises AlreadyRunningError, PortsUnusableError."""
    console = Console(highlight=False, soft_wrap=True)
    data.create()
    # The lock comes before the secrets: two first starts must not make two sets of them.
    lock = data.lock(_urls(ports))
    try:
        run_id = _clear_last_run(data.path / "run" / "id")
        ports.require_free()
        secrets = Secrets.kept_in(data.path)
        environment = compose_environment(data.path, ports, secrets, knobs)
        units = plan(data.path, ports, secrets, environment)
        return asyncio.run(_supervise(data, units, environment, run_id, console, is_verbose=is_verbose))
    finally:
        _give_up(data, lock)


async def _supervise(
    data: DataDirectory,
    units: list[Unit],
    environment: dict[str, str],
    run_id: str,
    console: Console,
    *,
    is_verbose: bool,
) -> int:
    async def when_ready() -> None:
        data.publish_environment(environment)
        say(_places(data, environment))
        say("Ready. Ctrl-C stops everything; the data stay.")

    def say(what: str | Table) -> None:
        """A reader of our output that has gone away does not stop the platform."""
        with suppress(OSError, SystemExit):  # rich answers a broken pipe with an exit
            console.print(escape(what) if isinstance(what, str) else what)

    supervisor = Supervisor(
        units,
        run_id=run_id,
        logs=data.logs,
        report=say,
        show=(lambda name, line: say(f"{name:>14} | {line}")) if is_verbose else None,
    )
    say(f"Starting {len(units)} parts on {data.path} ...")
    return await supervisor.run(when_ready)


def _clear_last_run(note: Path) -> str:
    """Ends what a killed supervisor left on this data (whose lock is held). Returns the new run's id."""
    if note.exists():
        end_run(note.read_text())
    run_id = uuid.uuid4().hex
    note.write_text(run_id)
    return run_id


def _give_up(data: DataDirectory, lock: FileLock) -> None:
    data.forget_environment()
    lock.release()


def _urls(ports: Ports) -> dict[str, str]:
    """For the next one who starts the platform here; shown before any setting is composed."""
    apps = (ports.backoffice_web, ports.main_web)
    numbers = (*apps, ports.backoffice, ports.main, ports.media, ports.mailbox)
    return {name: f"http://{PUBLIC_HOST}:{port}" for name, port in zip(PLACES, numbers, strict=False)}


def _places(data: DataDirectory, environment: dict[str, str]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, variable in PLACES.items():
        if environment.get(variable):
            table.add_row(name, environment[variable])
    table.add_row("Logs", escape(str(data.logs)))
    table.add_row("Settings", "acme env")
    return table
