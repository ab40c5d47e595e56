from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.webhooks.errors import WebhookDeliveryNotFound, WebhookEndpointNotFound
from acme_core.pages import PageRequest
from acme_db.keyset import newest_first
from acme_db.models import (
    Operator,
    WebhookAttempt,
    WebhookDelivery,
    WebhookDeliveryState,
    WebhookEndpoint,
    WebhookEvent,
    WebhookSubscription,
)

ATTEMPTS_SHOWN = 50


@dataclass(frozen=True)
class DeliveryFilter:
    state: WebhookDeliveryState | None = None
    event: str | None = None


async def find_endpoint(session: AsyncSession, operator_id: UUID, endpoint_id: UUID) -> WebhookEndpoint:
    """Raises `WebhookEndpointNotFound`."""
    endpoint = await session.scalar(
        select(WebhookEndpoint).where(
            WebhookEndpoint.id == endpoint_id, WebhookEndpoint.operator_id == operator_id
        )
    )
    if endpoint is None:
        raise WebhookEndpointNotFound
    return endpoint


async def list_endpoints(
    session: AsyncSession, operator_id: UUID, page: PageRequest
) -> Sequence[WebhookEndpoint]:
    statement = select(WebhookEndpoint).where(WebhookEndpoint.operator_id == operator_id)
    statement = newest_first(statement, WebhookEndpoint.created_at, WebhookEndpoint.id, page)
    return (await session.scalars(statement)).all()


async def count_endpoints(session: AsyncSession, operator_id: UUID) -> int:
    """Nobody adds another one to it until this transaction has ended."""
    await session.execute(select(Operator.id).where(Operator.id == operator_id).with_for_update())
    found = await session.scalar(select(func.count()).where(WebhookEndpoint.operator_id == operator_id))
    return int(found or 0)


async def events_of(
    session: AsyncSession, endpoint_ids: Collection[UUID]
) -> Mapping[UUID, list[WebhookEvent]]:
    statement = (
        select(WebhookSubscription.endpoint_id, WebhookSubscription.event)
        .where(WebhookSubscription.endpoint_id.in_(endpoint_ids))
        .order_by(WebhookSubscription.event)
    )
    events: dict[UUID, list[WebhookEvent]] = defaultdict(list)
    for endpoint_id, event in (await session.execute(statement)).all():
        events[endpoint_id].append(event)
    return events


async def subscribe(session: AsyncSession, endpoint_id: UUID, events: Collection[WebhookEvent]) -> None:
    """To exactly these. What it was told of before, it is told of since then."""
    await session.execute(
        delete(WebhookSubscription).where(
            WebhookSubscription.endpoint_id == endpoint_id, WebhookSubscription.event.not_in(events)
        )
    )
    rows = [{"endpoint_id": endpoint_id, "event": event} for event in sorted(events)]
    await session.execute(insert(WebhookSubscription).values(rows).on_conflict_do_nothing())


async def list_deliveries(
    session: AsyncSession, endpoint_id: UUID, wanted: DeliveryFilter, page: PageRequest
) -> Sequence[WebhookDelivery]:
    statement = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint_id)
    if wanted.state is not None:
        statement = statement.where(WebhookDelivery.state == wanted.state)
    if wanted.event is not None:
        statement = statement.where(WebhookDelivery.event == wanted.event)
    statement = newest_first(statement, WebhookDelivery.created_at, WebhookDelivery.id, page)
    return (await session.scalars(statement)).all()


async def find_delivery(session: AsyncSession, endpoint_id: UUID, delivery_id: UUID) -> WebhookDelivery:
    """Raises `WebhookDeliveryNotFound`."""
    delivery = await session.scalar(
        select(WebhookDelivery).where(
            WebhookDelivery.id == delivery_id, WebhookDelivery.endpoint_id == endpoint_id
        )
    )
    if delivery is None:
        raise WebhookDeliveryNotFound
    return delivery


async def list_attempts(session: AsyncSession, delivery_id: UUID) -> Sequence[WebhookAttempt]:
    statement = (
        select(WebhookAttempt)
        .where(WebhookAttempt.delivery_id == delivery_id)
        .order_by(WebhookAttempt.started_at.desc(), WebhookAttempt.id)
        .limit(ATTEMPTS_SHOWN)
    )
    return (await session.scalars(statement)).all()


async def reopen(session: AsyncSession, endpoint_id: UUID, delivery_id: UUID) -> WebhookDelivery:
    """On its way again, from the first try on. Raises `WebhookDeliveryNotFound`."""
    statement = (
        update(WebhookDelivery)
        .where(WebhookDelivery.id == delivery_id, WebhookDelivery.endpoint_id == endpoint_id)
        .values(state=WebhookDeliveryState.PENDING, tries=0, next_try_at=None)
        .returning(WebhookDelivery)
        .execution_options(populate_existing=True)
    )
    delivery = await session.scalar(statement)
    if delivery is None:
        raise WebhookDeliveryNotFound
    return delivery
