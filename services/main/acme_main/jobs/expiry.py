"""expire_tokens: what has run out, or is kept for no reason any more, goes."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Delete, Update, delete, exists, func, null, update
from sqlalchemy.sql.elements import ColumnElement

from acme_config.settings import JobSettings
from acme_core.retention import RetentionPolicy, RetentionRule
from acme_db.engine import SessionFactory
from acme_db.models import (
    AuditEvent,
    AuthSession,
    ErasureReceipt,
    OneTimeToken,
    RefreshToken,
    StripeEvent,
)
from acme_db.removal import remove_in_batches
from acme_db.retention import due
from acme_db.unit_of_work import unit_of_work
from acme_jobs.retention import BATCH, remove_ended
from acme_webhooks.retention import remove_old_deliveries

log = structlog.get_logger()

GRACE = timedelta(days=1)
"""A token that has run out is told from one that never was, for a while."""


def _ago(age: timedelta) -> ColumnElement[datetime]:
    return func.now() - age


def _expiries(policy: RetentionPolicy) -> dict[str, Delete | Update]:
    has_token = exists().where(RefreshToken.session_id == AuthSession.id)
    return {
        "refresh_tokens": delete(RefreshToken).where(RefreshToken.expires_at < _ago(GRACE)),
        "sessions": delete(AuthSession).where(~has_token, AuthSession.created_at < _ago(GRACE)),
        "one_time_tokens": delete(OneTimeToken).where(OneTimeToken.expires_at < _ago(GRACE)),
        "addresses": update(AuditEvent)
        .where(AuditEvent.id.in_(due(RetentionRule.ADDRESSES, policy)))
        .values(ip=None),
        "recipients": update(ErasureReceipt)
        .where(ErasureReceipt.id.in_(due(RetentionRule.RECIPIENTS, policy)))
        .values(recipient=null()),
    }


class ExpiryJobs:
    def __init__(self, sessions: SessionFactory, jobs: JobSettings, policy: RetentionPolicy) -> None:
        self._sessions = sessions
        self._jobs = jobs
        self._policy = policy

    async def expire_tokens(self) -> dict[str, int]:
        """How many of each kind went; each in a transaction of its own, so that none waits for another."""
        counts = {}
        for kind, statement in _expiries(self._policy).items():
            async with unit_of_work(self._sessions) as session:
                result = await session.execute(statement.execution_options(synchronize_session=False))
                counts[kind] = int(getattr(result, "rowcount", 0))
        ended = await remove_ended(self._sessions, self._jobs)
        counts |= {f"jobs_{state}": count for state, count in ended.items()}
        counts["stripe_events"] = await self._remove_stripe_events()
        counts["webhook_deliveries"] = await remove_old_deliveries(self._sessions, self._policy)
        log.info("expired", **counts)
        return counts

    async def _remove_stripe_events(self) -> int:
        is_due = StripeEvent.id.in_(due(RetentionRule.STRIPE_EVENTS, self._policy))
        return await remove_in_batches(self._sessions, StripeEvent, is_due, batch=BATCH)
