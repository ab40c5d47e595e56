"""`acme`: the platform on one machine, and the photographers' upload."""

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from acme_config.settings import FaceEngineName
from acme_standalone.backup.command import backup, restore
from acme_standalone.guard import refuse_production
from acme_standalone.jobs.command import jobs
from acme_standalone.processes.home import DataUnusableError
from acme_standalone.receipt_command import receipt
from acme_standalone.retention_command import retention
from acme_standalone.settings.ports import Ports, PortsUnusableError
from acme_standalone.supervisor.state import AlreadyRunningError, DataDirectory, NotRunningError
from acme_standalone.upload.command import upload

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)

DataDir = Annotated[Path | None, typer.Option(help="Where the data live (ACME_DATA_DIR, else .data).")]
PortMoves = Annotated[
    list[str] | None, typer.Option("--port", metavar="NAME=N", help="Moves one port; 0 is any free one.")
]
Faces = Annotated[
    FaceEngineName | None,
    typer.Option(help="The engine that finds and compares faces (FACE_ENGINE, else local)."),
]
PortOffset = Annotated[int, typer.Option(help="Moves all ports by this number.")]

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@app.command()
def up(
    data_dir: DataDir = None,
    port: PortMoves = None,
    port_offset: PortOffset = 0,
    faces: Faces = None,
    *,
    verbose: Annotated[bool, typer.Option(help="Shows what the processes print.")] = False,
) -> None:
    """Starts everything and keeps it up until Ctrl-C."""
    from acme_standalone.supervisor.up import up as run

    refuse_production()
    try:
        ports = Ports.chosen(os.environ, port or (), port_offset)
        status = run(DataDirectory.chosen(data_dir), ports, _knobs(faces), is_verbose=verbose)
    except (AlreadyRunningError, DataUnusableError, PortsUnusableError) as error:
        _fail(error)
    raise typer.Exit(status)


@app.command()
def env(data_dir: DataDir = None) -> None:
    """Prints the running platform's settings as KEY=value lines."""
    from acme_standalone.settings.environment import as_lines

    try:
        print(as_lines(DataDirectory.chosen(data_dir).running_environment()), end="")
    except NotRunningError as error:
        _fail(error)


@app.command()
def doctor(data_dir: DataDir = None, port: PortMoves = None, port_offset: PortOffset = 0) -> None:
    """Says what is wrong with this machine; status 1 when the platform cannot run."""
    from acme_standalone.doctor import Level, examine

    try:
        ports = Ports.chosen(os.environ, port or (), port_offset)
    except PortsUnusableError as error:
        _fail(error)
    table = Table(box=None, show_header=False, pad_edge=False)
    findings = list(examine(DataDirectory.chosen(data_dir), ports))
    for finding in findings:
        detail = f"{finding.detail}\n{finding.remedy}".strip()
        table.add_row(f"[{COLOURS[finding.level]}]{finding.level}[/]", finding.subject, escape(detail))
    Console(highlight=False).print(table)
    raise typer.Exit(int(any(finding.level is Level.FAIL for finding in findings)))


@app.command()
def migrate(
    data_dir: DataDir = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Changes nothing; says what is missing, with status 1.")
    ] = False,
) -> None:
    """Brings the database to the newest schema: the one of DATABASE_URL, else the embedded one."""
    from acme_db.schema_version import SchemaNotAtHead
    from acme_standalone import migrate as migrations

    if not check:
        return migrations.migrate(DataDirectory.chosen(data_dir))
    try:
        missing = migrations.check(DataDirectory.chosen(data_dir))
    except SchemaNotAtHead as error:
        _fail(error)
    print("\n".join(missing) or "The database is at the newest schema.")
    raise typer.Exit(int(bool(missing)))


@app.command()
def createsuperadmin(
    email: Annotated[str, typer.Option(prompt=True)],
    name: Annotated[str, typer.Option(prompt=True)],
    data_dir: DataDir = None,
    *,
    password_stdin: Annotated[bool, typer.Option(help="Reads the password from standard input.")] = False,
) -> None:
    """Makes an account for the platform's own people, with its second factor. Shows the codes once."""
    import asyncio

    from pydantic import ValidationError

    from acme_core.errors import AppError
    from acme_db.schema_version import SchemaNotAtHead
    from acme_standalone import superadmin

    try:
        superadmin.use_settings_of(DataDirectory.chosen(data_dir))
        person = superadmin.Person(name=name, email=email, password=_password(is_piped=password_stdin))
        made = asyncio.run(superadmin.create(person))
    except (AppError, NotRunningError, SchemaNotAtHead) as error:
        _fail(error)
    except ValidationError as error:
        _fail(ValueError("; ".join(f"{item['loc'][0]}: {item['msg']}" for item in error.errors())))
    superadmin.show(made)


@app.command()
def verify(
    data_dir: DataDir = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    payments_days: Annotated[int, typer.Option(min=1, help="How far back payments are compared.")] = 7,
) -> None:
    """Checks what must be true of the data at any moment; status 1 when something is not."""
    from datetime import timedelta

    from acme_standalone.superadmin import use_settings_of
    from acme_standalone.verify import run

    try:
        use_settings_of(DataDirectory.chosen(data_dir))
    except NotRunningError as error:
        _fail(error)
    findings = run.verify(timedelta(days=payments_days))
    run.show(findings, as_json=as_json)
    raise typer.Exit(int(any(finding.broken for finding in findings)))


@app.command()
def seed(
    *,
    scale: Annotated[bool, typer.Option("--scale", help="A database of the size that speed is measured at.")],
    rows: Annotated[
        int, typer.Option(help="Photos: 10000, 100000 or 1000000; the rest follows.")
    ] = 1_000_000,
) -> None:
    """Fills the empty database of DATABASE_URL with made-up rows, the same each time; no objects."""
    from acme_core.logs import configure_logging
    from acme_db.schema_version import SchemaNotAtHead
    from acme_standalone.scale import command
    from acme_standalone.scale.loading import NotEmptyError

    refuse_production()
    configure_logging(level="INFO", as_json=False)
    if not scale or rows not in set(command.Size):
        _fail(ValueError("say --scale, and --rows of 10000, 100000 or 1000000"))
    try:
        command.seed(rows)
    except (command.NoDatabaseError, NotEmptyError, SchemaNotAtHead) as error:
        _fail(error)


@app.command()
def demo(
    photos: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="A folder of your photos.")
    ] = None,
    selfie: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A selfie of one guest.")
    ] = None,
    faces: Faces = None,
    *,
    keep: Annotated[bool, typer.Option(help="Leaves the platform running afterwards.")] = False,
) -> None:
    """Runs the whole job through the live APIs and tells about each step."""
    from importlib import import_module

    refuse_production()
    raise typer.Exit(import_module("acme_standalone.demo").run_demo(photos, selfie, faces, keep=keep))


@app.command()
def trace(
    out: Annotated[Path, typer.Option(help="The folder for upload.json and upload.txt.")] = Path(
        "docs/traces"
    ),
) -> None:
    """Traces one upload on a platform of its own, from the browser's request to the recognized photo."""
    from acme_standalone.demo.narrator import DemoFailedError
    from acme_standalone.tracing.run import trace_an_upload

    refuse_production()
    try:
        trace_an_upload(out)
    except DemoFailedError as error:
        _fail(error)


app.add_typer(receipt, name="receipt")
app.add_typer(retention, name="retention")
app.command()(upload)
app.command()(backup)
app.command()(restore)
app.add_typer(jobs, name="jobs")


def _knobs(faces: FaceEngineName | None) -> dict[str, str]:
    """The user's environment, with what the command line says of it."""
    return {**os.environ, **({"FACE_ENGINE": faces.value} if faces else {})}


def _password(*, is_piped: bool) -> str:
    if is_piped:
        return sys.stdin.readline().rstrip("\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _fail(error: Exception) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(1)


def main() -> None:
    app()
