from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import (
    Operator,
    WebhookDelivery,
    WebhookDeliveryState,
    WebhookDisabledReason,
    WebhookEndpoint,
)


@dataclass(frozen=True)
class Outgoing:
    """A delivery that waits, and where it goes to."""

    delivery: WebhookDelivery
    endpoint: WebhookEndpoint
    is_on: bool


async def find_outgoing(session: AsyncSession, delivery_id: UUID) -> Outgoing | None:
    """None when it is gone, or has ended."""
    is_on = and_(
        WebhookEndpoint.disabled_at.is_(None), Operator.deleted_at.is_(None), Operator.suspended_at.is_(None)
    )
    statement = (
        select(WebhookDelivery, WebhookEndpoint, is_on)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .join(Operator, Operator.id == WebhookEndpoint.operator_id)
        .where(WebhookDelivery.id == delivery_id, WebhookDelivery.state == WebhookDeliveryState.PENDING)
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else Outgoing(*row)


async def lock_pending(session: AsyncSession, delivery_id: UUID) -> WebhookDelivery | None:
    """None when it has been removed, or another try of it has delivered it meanwhile."""
    delivery: WebhookDelivery | None = await session.scalar(
        select(WebhookDelivery)
        .where(WebhookDelivery.id == delivery_id, WebhookDelivery.state == WebhookDeliveryState.PENDING)
        .with_for_update()
    )
    return delivery


async def note_success(session: AsyncSession, endpoint_id: UUID) -> None:
    """Writes only where there was a failure: deliveries at once do not wait for each other."""
    await session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id, WebhookEndpoint.failing_since.is_not(None))
        .values(failing_since=None, updated_at=WebhookEndpoint.updated_at)  # nobody has edited it
    )


async def note_failure(session: AsyncSession, endpoint_id: UUID) -> None:
    await session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id, WebhookEndpoint.failing_since.is_(None))
        .values(failing_since=func.now(), updated_at=WebhookEndpoint.updated_at)
    )


async def disable(
    session: AsyncSession, endpoint_id: UUID, after: timedelta, *, is_gone: bool
) -> UUID | None:
    """The operator of an endpoint that has been turned off by this very call."""
    reason = WebhookDisabledReason.GONE if is_gone else WebhookDisabledReason.FAILING
    has_failed_enough = or_(WebhookEndpoint.failing_since < func.now() - after, literal(is_gone))
    statement = (
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id, WebhookEndpoint.disabled_at.is_(None), has_failed_enough)
        .values(disabled_at=func.now(), disabled_reason=reason, version=WebhookEndpoint.version + 1)
        .returning(WebhookEndpoint.operator_id)
        .execution_options(synchronize_session=False)
    )
    operator_id: UUID | None = await session.scalar(statement)
    return operator_id


async def reopen_failed(
    session: AsyncSession, endpoint_id: UUID, since: datetime, asked_at: datetime, limit: int
) -> Sequence[UUID]:
    """Those that had failed when somebody asked; what fails again after that stays as it is."""
    failed = (
        select(WebhookDelivery.id)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .where(
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookEndpoint.disabled_at.is_(None),
            WebhookDelivery.state == WebhookDeliveryState.FAILED,
            WebhookDelivery.created_at >= since,
            func.coalesce(WebhookDelivery.last_try_at, WebhookDelivery.created_at) < asked_at,
        )
        .order_by(WebhookDelivery.created_at)
        .limit(limit)
        .with_for_update(of=WebhookDelivery, skip_locked=True)
    )
    statement = (
        update(WebhookDelivery)
        .where(WebhookDelivery.id.in_(failed))
        .values(state=WebhookDeliveryState.PENDING, tries=0, next_try_at=None)
        .returning(WebhookDelivery.id)
        .execution_options(synchronize_session=False)
    )
    return (await session.scalars(statement)).all()
