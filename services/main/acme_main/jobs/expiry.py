"""expire_tokens: what has run out, or is kept for no reason any more, goes."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Delete, Update, delete, exists, func, null, update
from sqlalchemy.sql.elements import ColumnElement

from acme_db.engine import SessionFactory
from acme_db.models import (
    AuditEvent,
    AuthSession,
    ErasureReceipt,
    JobState,
    OneTimeToken,
    OutboxJob,
    RefreshToken,
)
from acme_db.unit_of_work import unit_of_work

log = structlog.get_logger()

GRACE = timedelta(days=1)
"""A token that has run out is told from one that never was, for a while."""
JOBS_KEPT = timedelta(days=14)
FAILED_JOBS_KEPT = timedelta(days=90)
ADDRESSES_KEPT = timedelta(days=180)
RECIPIENTS_KEPT = timedelta(days=30)


def _ago(age: timedelta) -> ColumnElement[datetime]:
    return func.now() - age


def _expiries() -> dict[str, Delete | Update]:
    has_token = exists().where(RefreshToken.session_id == AuthSession.id)
    is_done, has_failed = OutboxJob.state == JobState.DONE, OutboxJob.state == JobState.FAILED
    return {
        "refresh_tokens": delete(RefreshToken).where(RefreshToken.expires_at < _ago(GRACE)),
        "sessions": delete(AuthSession).where(~has_token, AuthSession.created_at < _ago(GRACE)),
        "one_time_tokens": delete(OneTimeToken).where(OneTimeToken.expires_at < _ago(GRACE)),
        "jobs_done": delete(OutboxJob).where(is_done, OutboxJob.finished_at < _ago(JOBS_KEPT)),
        "jobs_failed": delete(OutboxJob).where(has_failed, OutboxJob.finished_at < _ago(FAILED_JOBS_KEPT)),
        "addresses": update(AuditEvent)
        .where(AuditEvent.ip.is_not(None), AuditEvent.occurred_at < _ago(ADDRESSES_KEPT))
        .values(ip=None),
        "recipients": update(ErasureReceipt)
        .where(ErasureReceipt.recipient.is_not(None), ErasureReceipt.requested_at < _ago(RECIPIENTS_KEPT))
        .values(recipient=null()),
    }


class ExpiryJobs:
    def __init__(self, sessions: SessionFactory) -> None:
        self._sessions = sessions

    async def expire_tokens(self) -> dict[str, int]:
        """How many of each kind went; each in a transaction of its own, so that none waits for another."""
        counts = {}
        for kind, statement in _expiries().items():
            async with unit_of_work(self._sessions) as session:
                result = await session.execute(statement.execution_options(synchronize_session=False))
                counts[kind] = int(getattr(result, "rowcount", 0))
        log.info("expired", **counts)
        return counts
