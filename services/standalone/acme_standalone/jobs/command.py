"""`acme jobs list | show | retry`."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar
from uuid import UUID

import typer

from acme_config.jobs import JobName, QueueName
from acme_standalone.supervisor.state import DataDirectory, NotRunningError

jobs = typer.Typer(no_args_is_help=True, help="Jobs that were given up: which, why, and tried anew.")

T = TypeVar("T")

DataDir = Annotated[Path | None, typer.Option(help="Where the data live (ACME_DATA_DIR, else .data).")]
Name = Annotated[JobName | None, typer.Option(help="Of this kind only.")]
Queue = Annotated[QueueName | None, typer.Option(help="Of this queue only.")]
Hours = Annotated[float | None, typer.Option(min=0, help="Given up for longer than so many hours.")]


@jobs.command("list")
def list_(
    data_dir: DataDir = None,
    name: Name = None,
    queue: Queue = None,
    older_than_h: Hours = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Lists the jobs that were given up, the latest first, each with its reason."""
    from acme_jobs.dead_letters import DeadLetters
    from acme_standalone.jobs import run

    wanted = DeadLetters(name, queue, timedelta(hours=older_than_h) if older_than_h is not None else None)
    found = _run(data_dir, lambda: run.read(wanted, limit))
    run.show_list(found, as_json=as_json)


@jobs.command()
def show(job_id: UUID, data_dir: DataDir = None) -> None:
    """Tells everything that is known of one job, in whatever state it is."""
    from acme_standalone.jobs import run

    run.show_job(_run(data_dir, lambda: run.read_job(job_id)))


@jobs.command()
def retry(
    job_ids: Annotated[list[UUID] | None, typer.Argument(help="These, or all of a --name.")] = None,
    data_dir: DataDir = None,
    name: Name = None,
    queue: Queue = None,
    older_than_h: Hours = None,
) -> None:
    """Has jobs that were given up tried anew, with all their tries."""
    from acme_jobs.dead_letters import DeadLetters
    from acme_standalone.jobs import run

    if bool(job_ids) == (name is not None):
        _fail("say which: ids, or all of a --name")
    age = timedelta(hours=older_than_h) if older_than_h is not None else None
    wanted = DeadLetters(name, queue, age, ids=job_ids or None)
    done = _run(data_dir, lambda: run.retry(wanted))
    if job_ids and len(done.revived) + len(done.superseded) < len(set(job_ids)):
        _fail(f"{run.told(done)} The others had not been given up.")
    typer.echo(run.told(done))


def _run(data_dir: Path | None, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """The answer of what is asked of the running platform, or of the database of DATABASE_URL."""
    from acme_core.errors import AppError
    from acme_db.schema_version import SchemaNotAtHead
    from acme_standalone.superadmin import use_settings_of

    try:
        use_settings_of(DataDirectory.chosen(data_dir))
        return asyncio.run(ask())
    except (AppError, NotRunningError, SchemaNotAtHead) as error:
        _fail(str(error))


def _fail(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(1)
