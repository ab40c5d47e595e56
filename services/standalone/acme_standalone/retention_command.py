"""`acme retention policy | simulate`: what the public is told, and what goes by a day."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from acme_config.settings import DatabaseSettings
from acme_core.retention import PolicyLanguage, RetentionPolicy, RetentionRule
from acme_db.engine import create_engine
from acme_db.retention import count_due
from acme_db.schema_version import SchemaNotAtHead, require_head
from acme_standalone.superadmin import use_settings_of
from acme_standalone.supervisor.state import DataDirectory, NotRunningError

retention = typer.Typer(no_args_is_help=True, help="How long data are kept.")
DataDir = Annotated[Path | None, typer.Option(help="Where the data live (ACME_DATA_DIR, else .data).")]


@retention.command()
def policy(language: PolicyLanguage = PolicyLanguage.ENGLISH) -> None:
    """Prints the policy that the settings make, and its version."""
    made = RetentionPolicy.from_environment()
    typer.echo(made.text(language))
    typer.echo(f"Version {made.version}")


@retention.command()
def simulate(
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="A day, such as 2027-01-31.")],
    data_dir: DataDir = None,
) -> None:
    """Counts what will have gone by the end of that day (UTC), if nothing else happens until then."""
    try:
        use_settings_of(DataDirectory.chosen(data_dir))
        counts = asyncio.run(_counts(on.replace(tzinfo=UTC) + timedelta(days=1)))
    except (NotRunningError, SchemaNotAtHead) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    for rule, count in counts.items():
        typer.echo(f"{rule:<20} {count:>8}")


async def _counts(at: datetime) -> dict[RetentionRule, int]:
    engine = create_engine(DatabaseSettings(statement_timeout_s=600), application_name="retention")
    policy = RetentionPolicy.from_environment()
    try:
        await require_head(engine)
        async with engine.connect() as connection:
            return {rule: await count_due(connection, rule, policy, at) for rule in RetentionRule}
    finally:
        await engine.dispose()
