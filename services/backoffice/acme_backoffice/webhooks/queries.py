from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.guards import ACCOUNT_ID, OPEN_SESSION, Guard, GuardedListing
from acme_auth.principals import Principal
from acme_backoffice.webhooks.errors import WebhookDeliveryNotFound, WebhookEndpointNotFound
from acme_backoffice.webhooks.schemas import WebhookDeliveryOut, WebhookEndpointOut
from acme_core.pages import PageRequest
from acme_db.listing import Listed, Listing, columns_among
from acme_db.models import (
    Operator,
    WebhookAttempt,
    WebhookDelivery,
    WebhookDeliveryState,
    WebhookEndpoint,
    WebhookEvent,
    WebhookSubscription,
)
from acme_db.prepared import Reader

ATTEMPTS_SHOWN = 50
IS_OWNED = Guard(
    exists().where(WebhookEndpoint.id == bindparam("endpoint_id"), WebhookEndpoint.operator_id == ACCOUNT_ID),
    WebhookEndpointNotFound,
)
_EVENTS = select(WebhookSubscription.event).order_by(WebhookSubscription.event)
_ENDPOINTS = GuardedListing(
    OPEN_SESSION,
    Listing(
        select(
            *columns_among(WebhookEndpoint, WebhookEndpointOut.model_fields),
            func.array(
                _EVENTS.where(WebhookSubscription.endpoint_id == WebhookEndpoint.id)
                .correlate(WebhookEndpoint)
                .scalar_subquery()
            ).label("events"),
        ).where(WebhookEndpoint.operator_id == ACCOUNT_ID),
        WebhookEndpoint.created_at,
        WebhookEndpoint.id,
    ),
)
_DELIVERIES = GuardedListing(
    IS_OWNED,
    Listing(
        select(*columns_among(WebhookDelivery, WebhookDeliveryOut.model_fields)).where(
            WebhookDelivery.endpoint_id == bindparam("endpoint_id")
        ),
        WebhookDelivery.created_at,
        WebhookDelivery.id,
        state=WebhookDelivery.state == bindparam("state"),
        event=WebhookDelivery.event == bindparam("event"),
    ),
)


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


async def list_endpoints(reader: Reader, caller: Principal, page: PageRequest) -> Listed:
    """Raises `SessionEnded`."""
    return await _ENDPOINTS.page(reader, caller, page)


async def count_endpoints(session: AsyncSession, operator_id: UUID) -> int:
    """Nobody adds another one to it until this transaction has ended."""
    await session.execute(select(Operator.id).where(Operator.id == operator_id).with_for_update())
    found = await session.scalar(select(func.count()).where(WebhookEndpoint.operator_id == operator_id))
    return int(found or 0)


async def events_of(session: AsyncSession, endpoint_id: UUID) -> Sequence[WebhookEvent]:
    statement = _EVENTS.where(WebhookSubscription.endpoint_id == endpoint_id)
    return (await session.scalars(statement)).all()


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
    reader: Reader, caller: Principal, endpoint_id: UUID, wanted: DeliveryFilter, page: PageRequest
) -> Listed:
    """Raises `SessionEnded` or `WebhookEndpointNotFound`."""
    return await _DELIVERIES.page(reader, caller, page, endpoint_id=endpoint_id, **vars(wanted))


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
