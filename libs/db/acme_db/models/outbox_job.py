from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base, CreatedAt, UuidPk, one_of, text_enum


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class OutboxJob(Base):
    """A job, written in the transaction of its cause and kept until it has ended, and for a while after.

    The queue only carries its id: whatever the queue loses is pushed again from here.
    """

    __tablename__ = "outbox_jobs"
    __table_args__ = (
        one_of("state", JobState),
        Index("ix_outbox_jobs_unfinished", "run_at", postgresql_where=text("state IN ('queued', 'running')")),
        Index(
            "ix_outbox_jobs_ended",
            "state",
            "finished_at",
            postgresql_where=text("state IN ('done', 'failed')"),
        ),
        Index(
            "uq_outbox_jobs_dedupe_key", "dedupe_key", unique=True, postgresql_where=text("state = 'queued'")
        ),
    )

    id: Mapped[UuidPk]
    name: Mapped[str] = mapped_column(String(50))
    queue: Mapped[str] = mapped_column(String(50))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    dedupe_key: Mapped[str | None] = mapped_column(String(255))
    """Two jobs of one key never wait together; one may wait while another runs."""
    state: Mapped[JobState] = mapped_column(
        text_enum(JobState, 20), server_default=text(f"'{JobState.QUEUED}'")
    )
    created_at: Mapped[CreatedAt]
    run_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """Not before."""
    pushed_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    """Of a failed one: when it was given up."""
    revived_at: Mapped[datetime | None]
    """When somebody last had it tried anew, after it had been given up."""
    worker: Mapped[str | None] = mapped_column(String(100))
    """Who runs it; its heartbeat in Redis tells whether it still does."""
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    last_error: Mapped[str | None]
    origin: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    """What its cause was part of: `request_id`, and `traceparent` while traces are made."""
