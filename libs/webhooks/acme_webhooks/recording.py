"""Events are written down for each endpoint that wants them, in the transaction of what happened.

Whoever has no endpoint pays one look at an index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import Row, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_core.ids import new_id
from acme_db.models import (
    PhotoTag,
    Project,
    Purchase,
    ReviewStatus,
    WebhookDelivery,
    WebhookDeliveryState,
    WebhookEndpoint,
    WebhookEvent,
    WebhookSubscription,
)
from acme_jobs.catalogue import DELIVER_WEBHOOK, WebhookJob
from acme_jobs.outbox import enqueue, withdraw

TEST_EVENT = "endpoint.test"
_NAMESPACE = uuid5(NAMESPACE_URL, "acme:webhooks")


@dataclass(frozen=True)
class Happening:
    """Something that happened once: its key says what, whoever reports it."""

    event: WebhookEvent
    key: str
    data: Mapping[str, Any]


async def photo_ready(session: AsyncSession, project_id: UUID, photo_id: UUID) -> None:
    data = {"project_id": str(project_id), "photo_id": str(photo_id)}
    happened = Happening(WebhookEvent.PHOTO_READY, str(photo_id), data)
    endpoints = await _listening(session, project_id, WebhookEvent.PHOTO_READY)
    await _record(session, endpoints, [happened])


async def matches_confirmed(
    session: AsyncSession, project_id: UUID, matches: Mapping[UUID, Sequence[UUID]]
) -> None:
    """Photos by guest that show up in the galleries with this transaction.

    No guest is named: a tag leads to its guest for as long as there is a consent, and to nobody after it.
    """
    seen = [(photo_id, user_id) for user_id, photos in matches.items() for photo_id in photos]
    endpoints = await _listening(session, project_id, WebhookEvent.MATCH_CONFIRMED) if seen else []
    if endpoints:
        await _record(session, endpoints, [_match(project_id, tag) for tag in await _tags(session, seen)])


async def purchase_paid(session: AsyncSession, purchase: Purchase) -> None:
    happened = Happening(WebhookEvent.PURCHASE_PAID, str(purchase.id), _purchase(purchase))
    endpoints = await _listening(session, purchase.project_id, WebhookEvent.PURCHASE_PAID)
    await _record(session, endpoints, [happened])


async def purchase_refunded(session: AsyncSession, purchase: Purchase) -> None:
    """For each part that is given back."""
    data = {
        **_purchase(purchase),
        "refunded_amount": purchase.refunded_amount,
        "is_fully_refunded": purchase.refunded_at is not None,
    }
    key = f"{purchase.id}:{purchase.refunded_amount}"
    endpoints = await _listening(session, purchase.project_id, WebhookEvent.PURCHASE_REFUNDED)
    await _record(session, endpoints, [Happening(WebhookEvent.PURCHASE_REFUNDED, key, data)])


async def record_test(session: AsyncSession, endpoint_id: UUID) -> UUID:
    """The id of its delivery."""
    row = _row(endpoint_id, TEST_EVENT, str(new_id()), {"endpoint_id": str(endpoint_id)}, is_on=True)
    delivery_id = (
        await session.scalars(insert(WebhookDelivery).values(row).returning(WebhookDelivery.id))
    ).one()
    await send_soon(session, delivery_id)
    return delivery_id


async def send_soon(session: AsyncSession, delivery_id: UUID, run_at: datetime | None = None) -> None:
    """One job of a delivery waits at a time."""
    job = WebhookJob(delivery_id=delivery_id)
    await enqueue(session, DELIVER_WEBHOOK, job, dedupe_key=str(delivery_id), run_at=run_at)


async def send_again(session: AsyncSession, delivery_id: UUID) -> None:
    """Now, and not when the next try would be."""
    await withdraw(session, DELIVER_WEBHOOK, str(delivery_id))
    await send_soon(session, delivery_id)


async def _listening(
    session: AsyncSession, project_id: UUID, event: WebhookEvent
) -> Sequence[Row[UUID, bool]]:
    """The endpoints of the project's operator that want this event, and whether each is on."""
    statement = (
        select(WebhookEndpoint.id, WebhookEndpoint.disabled_at.is_(None))
        .join(WebhookSubscription, WebhookSubscription.endpoint_id == WebhookEndpoint.id)
        .join(Project, Project.operator_id == WebhookEndpoint.operator_id)
        .where(Project.id == project_id, WebhookSubscription.event == event)
    )
    return (await session.execute(statement)).all()


async def _record(
    session: AsyncSession, endpoints: Sequence[Row[UUID, bool]], happened: Sequence[Happening]
) -> None:
    """An endpoint that is off gets its rows too: they go out when somebody sends them again."""
    rows = [
        _row(endpoint_id, item.event, item.key, item.data, is_on=is_on)
        for endpoint_id, is_on in endpoints
        for item in happened
    ]
    if not rows:
        return
    statement = (
        insert(WebhookDelivery)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["endpoint_id", "event_key"])
        .returning(WebhookDelivery.id, WebhookDelivery.state)
    )
    for delivery_id, state in (await session.execute(statement)).all():
        if state is WebhookDeliveryState.PENDING:
            await send_soon(session, delivery_id)


def _row(endpoint_id: UUID, event: str, key: str, data: Mapping[str, Any], *, is_on: bool) -> dict[str, Any]:
    event_key = f"{event}:{key}"
    return {
        "endpoint_id": endpoint_id,
        "event_key": event_key,
        "message_id": f"evt_{uuid5(_NAMESPACE, event_key).hex}",
        "event": event,
        "data": dict(data),
        "state": WebhookDeliveryState.PENDING if is_on else WebhookDeliveryState.FAILED,
    }


async def _tags(
    session: AsyncSession, seen: Sequence[tuple[UUID, UUID]]
) -> Sequence[Row[UUID, UUID, datetime | None]]:
    statement = select(PhotoTag.id, PhotoTag.photo_id, PhotoTag.confirmed_at).where(
        tuple_(PhotoTag.photo_id, PhotoTag.user_id).in_(seen),
        PhotoTag.review_status == ReviewStatus.CONFIRMED,
    )
    return (await session.execute(statement)).all()


def _match(project_id: UUID, tag: Row[UUID, UUID, datetime | None]) -> Happening:
    """A tag that is taken back and confirmed once more has happened twice."""
    tag_id, photo_id, confirmed_at = tag
    since = f"{confirmed_at.timestamp():.6f}" if confirmed_at else ""
    data = {"project_id": str(project_id), "photo_id": str(photo_id), "tag_id": str(tag_id)}
    return Happening(WebhookEvent.MATCH_CONFIRMED, f"{tag_id}:{since}", data)


def _purchase(purchase: Purchase) -> dict[str, Any]:
    return {
        "project_id": str(purchase.project_id),
        "purchase_id": str(purchase.id),
        "package_id": str(purchase.package_id),
        "amount": purchase.amount,
        "currency": purchase.currency,
    }
