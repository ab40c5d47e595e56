"""What becomes of purchases and webhooks, counted once it is committed."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from acme_core.clock import utc_now
from acme_db.models.purchase import PurchaseStatus
from acme_db.unit_of_work import after_commit
from acme_payments.transitions import PurchaseState
from acme_telemetry.metrics import PURCHASES, WEBHOOK_LAG, PurchaseMoment, WebhookStage


def count_started(session: AsyncSession, status: PurchaseStatus) -> None:
    """One of a free package is paid at once."""
    is_paid = status is PurchaseStatus.PAID
    _count(session, [PurchaseMoment.STARTED, *([PurchaseMoment.PAID] if is_paid else [])])


def count_changes(session: AsyncSession, before: PurchaseState, now: PurchaseState) -> None:
    _count(session, list(_moments(before, now)))


def count_lag(session: AsyncSession, stage: WebhookStage, since: datetime) -> None:
    """Clocks that disagree do not make a lag."""

    async def count() -> None:
        WEBHOOK_LAG.labels(stage).observe(max((utc_now() - since).total_seconds(), 0))

    after_commit(session, count)


def _moments(before: PurchaseState, now: PurchaseState) -> Iterator[PurchaseMoment]:
    if now.status is not before.status and now.status is not PurchaseStatus.PENDING:
        yield PurchaseMoment(now.status)
    if before.refunded_at is None and now.refunded_at is not None:
        yield PurchaseMoment.REFUNDED
    if before.disputed_at is None and now.disputed_at is not None:
        yield PurchaseMoment.DISPUTED


def _count(session: AsyncSession, moments: list[PurchaseMoment]) -> None:
    async def count() -> None:
        for moment in moments:
            PURCHASES.labels(moment).inc()

    after_commit(session, count)
