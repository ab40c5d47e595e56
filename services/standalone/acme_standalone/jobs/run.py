"""What `acme jobs` asks of the database, and how it tells of it."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_config.settings import DatabaseSettings
from acme_core.clock import utc_now
from acme_core.pages import PageRequest
from acme_db.engine import create_engine, create_session_factory
from acme_db.models import AuditAction, OutboxJob
from acme_db.schema_version import require_head
from acme_db.unit_of_work import unit_of_work
from acme_jobs.dead_letters import DeadLetters, Pile, Revived, count_dead, find_job, list_dead, revive

REASON_SHOWN = 300
AUDITED = 100
"""Ids that the audit log names; the counts are always told."""


@dataclass(frozen=True)
class Found:
    jobs: Sequence[OutboxJob]
    piles: Sequence[Pile]


async def read(wanted: DeadLetters, limit: int) -> Found:
    async with _session() as session:
        jobs = await list_dead(session, wanted, PageRequest(limit))
        return Found(jobs[:limit], await count_dead(session, wanted))


async def read_job(job_id: UUID) -> OutboxJob:
    """Raises `JobNotFound`."""
    async with _session() as session:
        return await find_job(session, job_id)


async def retry(wanted: DeadLetters) -> Revived:
    """The relay pushes them within two seconds."""
    async with _session() as session:
        done = await revive(session, wanted)
        record(
            session,
            AuditAction.JOBS_RETRIED,
            None,
            name=wanted.name,
            revived=len(done.revived),
            superseded=len(done.superseded),
            jobs=[str(job_id) for job_id in done.revived[:AUDITED]],
        )
        return done


def told(done: Revived) -> str:
    words = f"{len(done.revived)} jobs are tried anew."
    if done.superseded:
        words += f" {len(done.superseded)} more are done by others of the same key."
    return words


def show_list(found: Found, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([_as_dict(job) for job in found.jobs], indent=2))
        return
    for job in found.jobs:
        print(f"{job.id}  {job.name}  {job.attempts} tries, given up {_age(job.finished_at)}")
        print(f"    {(job.last_error or '')[:REASON_SHOWN]}")
    piles = ", ".join(f"{pile.count} {pile.name}" for pile in found.piles)
    print(f"In all: {piles}" if piles else "No job has been given up.")


def show_job(job: OutboxJob) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in _as_dict(job).items():
        table.add_row(name, escape(value if isinstance(value, str) else json.dumps(value)))
    Console(highlight=False).print(table)


def _as_dict(job: OutboxJob) -> dict[str, object]:
    """Payloads are ids only."""
    values = {column.name: getattr(job, column.name) for column in OutboxJob.__table__.columns}
    return {name: value if _is_plain(value) else str(value) for name, value in values.items()}


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, int | dict)


def _age(since: datetime | None) -> str:
    if since is None:
        return ""
    minutes = int((utc_now() - since).total_seconds() // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    return f"{days} d {hours} h ago" if days else f"{hours} h {minutes % 60} min ago"


@asynccontextmanager
async def _session() -> AsyncIterator[AsyncSession]:
    engine = create_engine(DatabaseSettings(), application_name="jobs")
    try:
        await require_head(engine)
        async with unit_of_work(create_session_factory(engine)) as session:
            yield session
    finally:
        await engine.dispose()
