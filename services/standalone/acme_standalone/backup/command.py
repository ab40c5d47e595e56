"""`acme backup` and `acme restore`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from acme_standalone.backup.database import DatabaseToolError
from acme_standalone.backup.embedded import PartFailedError, keep_files, parts_of, put_files_back
from acme_standalone.backup.folder import BackupFolder, BackupUnusableError, NotEmptyError
from acme_standalone.supervisor.state import AlreadyRunningError, DataDirectory

DataDir = Annotated[Path | None, typer.Option(help="Where the data live (ACME_DATA_DIR, else .data).")]
EMBEDDED = "embedded"
FAILURES = (
    AlreadyRunningError,
    BackupUnusableError,
    DatabaseToolError,
    NotEmptyError,
    PartFailedError,
)


def backup(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="A used one is brought up to date.")],
    data_dir: DataDir = None,
) -> None:
    """Writes the database and all objects into a folder; the platform may run meanwhile."""
    from acme_standalone.backup import run

    target = BackupFolder(folder.expanduser().resolve())
    try:
        with parts_of(DataDirectory.chosen(data_dir)) as own:
            counts = asyncio.run(run.back_up(target))
            if own is not None:
                keep_files(own, target.path / EMBEDDED)
    except (*FAILURES, run.StorageUnavailable) as error:
        raise _refused(error) from None
    typer.echo(f"The database and {counts.objects} objects are in {target.path}.")


def restore(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False)], data_dir: DataDir = None
) -> None:
    """Puts a backup into an empty database and an empty bucket. Then: acme migrate, acme verify."""
    from acme_standalone.backup import run

    source, data = BackupFolder(folder.expanduser().resolve()), DataDirectory.chosen(data_dir)
    try:
        if (source.path / EMBEDDED).exists():
            data.create()
            put_files_back(source.path / EMBEDDED, data.path)
        with parts_of(data):
            counts = asyncio.run(run.restore(source))
    except (*FAILURES, run.StorageUnavailable) as error:
        raise _refused(error) from None
    typer.echo(f"Restored the database and {counts.objects} objects; {counts.left_out} belonged to nobody.")


def _refused(error: Exception) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(1)
