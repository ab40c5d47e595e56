from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_backoffice.webhooks import queries
from acme_backoffice.webhooks.errors import TooManyWebhookEndpoints, WebhookEndpointDisabled
from acme_backoffice.webhooks.queries import DeliveryFilter
from acme_backoffice.webhooks.schemas import (
    WebhookAttemptOut,
    WebhookDeliveryDetails,
    WebhookDeliveryOut,
    WebhookEndpointCreate,
    WebhookEndpointCreated,
    WebhookEndpointOut,
    WebhookEndpointUpdate,
    WebhookSecretOut,
)
from acme_core.clock import utc_now
from acme_core.pages import PageRequest
from acme_db.models import AuditAction, WebhookDisabledReason, WebhookEndpoint, WebhookEvent
from acme_db.page_json import Told, page_json
from acme_db.prepared import Reader, Record
from acme_db.versions import require_version
from acme_jobs.catalogue import REPLAY_WEBHOOKS, WebhookReplayJob
from acme_jobs.outbox import enqueue
from acme_webhooks import recording
from acme_webhooks.messages import told
from acme_webhooks.secrets import SecretBox
from acme_webhooks.targets import TargetPolicy

MOST_ENDPOINTS = 20
BOTH_SECRETS_FOR = timedelta(hours=24)


async def create_endpoint(
    session: AsyncSession,
    box: SecretBox,
    policy: TargetPolicy,
    caller: Principal,
    body: WebhookEndpointCreate,
) -> WebhookEndpointCreated:
    """Raises `WebhookUrlRefused` or `TooManyWebhookEndpoints`."""
    policy.require(body.url)
    if await queries.count_endpoints(session, caller.account_id) >= MOST_ENDPOINTS:
        raise TooManyWebhookEndpoints
    secret, encrypted = box.new_secret()
    endpoint = WebhookEndpoint(
        operator_id=caller.account_id,
        url=body.url,
        description=body.description,
        encrypted_secret=encrypted,
    )
    session.add(endpoint)
    await session.flush()  # the database sets its id and times
    await session.refresh(endpoint)
    await queries.subscribe(session, endpoint.id, body.events)
    record(session, AuditAction.WEBHOOK_ENDPOINT_CREATED, caller, endpoint.id, events=sorted(body.events))
    out = _endpoint_out(endpoint, sorted(body.events))
    return WebhookEndpointCreated(**out.model_dump(), secret=secret)


async def list_endpoints(reader: Reader, caller: Principal, page: PageRequest) -> bytes:
    """Raises `SessionEnded`."""

    def made(row: Record) -> Told:
        return _told_of(row["disabled_at"], row["previous_secret_until"])

    return page_json(WebhookEndpointOut, await queries.list_endpoints(reader, caller, page), made)


async def show_endpoint(session: AsyncSession, endpoint: WebhookEndpoint) -> WebhookEndpointOut:
    return _endpoint_out(endpoint, await queries.events_of(session, endpoint.id))


async def update_endpoint(
    session: AsyncSession,
    policy: TargetPolicy,
    caller: Principal,
    endpoint: WebhookEndpoint,
    body: WebhookEndpointUpdate,
) -> WebhookEndpointOut:
    """Raises `StaleVersion` or `WebhookUrlRefused`."""
    require_version(endpoint, body.version)
    changes = body.model_dump(exclude_unset=True, exclude={"version", "events", "is_enabled"})
    if "url" in changes:
        policy.require(body.url)
    for name, value in changes.items():
        setattr(endpoint, name, value)
    if "is_enabled" in body.model_fields_set:
        _turn(endpoint, is_enabled=body.is_enabled)
    endpoint.updated_at = utc_now()  # a change of events alone is one too
    await session.flush()
    if "events" in body.model_fields_set:
        await queries.subscribe(session, endpoint.id, body.events)
    is_enabled = endpoint.disabled_at is None
    record(session, AuditAction.WEBHOOK_ENDPOINT_CHANGED, caller, endpoint.id, is_enabled=is_enabled)
    return await show_endpoint(session, endpoint)


async def delete_endpoint(session: AsyncSession, caller: Principal, endpoint: WebhookEndpoint) -> None:
    """With its log; what waits for it goes nowhere."""
    await session.delete(endpoint)
    record(session, AuditAction.WEBHOOK_ENDPOINT_DELETED, caller, endpoint.id)


async def rotate_secret(
    session: AsyncSession, box: SecretBox, caller: Principal, endpoint: WebhookEndpoint
) -> WebhookSecretOut:
    """Both sign for a while; of two rotations in that time, the oldest secret ends at once."""
    secret, encrypted = box.new_secret()
    until = utc_now() + BOTH_SECRETS_FOR
    endpoint.previous_encrypted_secret, endpoint.previous_secret_until = endpoint.encrypted_secret, until
    endpoint.encrypted_secret = encrypted
    await session.flush()  # of two rotations at once, one is refused
    record(session, AuditAction.WEBHOOK_SECRET_ROTATED, caller, endpoint.id)
    return WebhookSecretOut(secret=secret, previous_secret_until=until)


async def send_test(
    session: AsyncSession, caller: Principal, endpoint: WebhookEndpoint
) -> WebhookDeliveryOut:
    """Raises `WebhookEndpointDisabled`."""
    _require_on(endpoint)
    delivery_id = await recording.record_test(session, endpoint.id)
    record(session, AuditAction.WEBHOOK_TESTED, caller, endpoint.id)
    delivery = await queries.find_delivery(session, endpoint.id, delivery_id)
    return WebhookDeliveryOut.model_validate(delivery)


async def list_deliveries(
    reader: Reader, caller: Principal, endpoint_id: UUID, wanted: DeliveryFilter, page: PageRequest
) -> bytes:
    """Raises `SessionEnded` or `WebhookEndpointNotFound`."""
    found = await queries.list_deliveries(reader, caller, endpoint_id, wanted, page)
    return page_json(WebhookDeliveryOut, found)


async def show_delivery(
    session: AsyncSession, endpoint_id: UUID, delivery_id: UUID
) -> WebhookDeliveryDetails:
    """Raises `WebhookDeliveryNotFound`."""
    delivery = await queries.find_delivery(session, endpoint_id, delivery_id)
    attempts = await queries.list_attempts(session, delivery_id)
    return WebhookDeliveryDetails(
        **WebhookDeliveryOut.model_validate(delivery).model_dump(),
        body=told(delivery.event, delivery.created_at, delivery.data),
        attempts=[WebhookAttemptOut.model_validate(attempt) for attempt in attempts],
    )


async def replay_delivery(
    session: AsyncSession, caller: Principal, endpoint: WebhookEndpoint, delivery_id: UUID
) -> WebhookDeliveryOut:
    """Also one that was delivered. Raises `WebhookEndpointDisabled` or `WebhookDeliveryNotFound`."""
    _require_on(endpoint)
    delivery = await queries.reopen(session, endpoint.id, delivery_id)
    await recording.send_again(session, delivery_id)
    record(session, AuditAction.WEBHOOK_REPLAYED, caller, endpoint.id, delivery=str(delivery_id))
    return WebhookDeliveryOut.model_validate(delivery)


async def replay_failed(
    session: AsyncSession, caller: Principal, endpoint: WebhookEndpoint, since: datetime
) -> None:
    """Raises `WebhookEndpointDisabled`."""
    _require_on(endpoint)
    payload = WebhookReplayJob(endpoint_id=endpoint.id, since=since, asked_at=utc_now())
    await enqueue(session, REPLAY_WEBHOOKS, payload)
    record(session, AuditAction.WEBHOOK_REPLAYED, caller, endpoint.id, since=since.isoformat())


def _turn(endpoint: WebhookEndpoint, *, is_enabled: bool) -> None:
    """On begins afresh: an old failure must not turn it off at the next one."""
    if is_enabled and endpoint.disabled_at is not None:
        endpoint.disabled_at = endpoint.disabled_reason = endpoint.failing_since = None
    if not is_enabled and endpoint.disabled_at is None:
        endpoint.disabled_at, endpoint.disabled_reason = utc_now(), WebhookDisabledReason.OPERATOR


def _require_on(endpoint: WebhookEndpoint) -> None:
    if endpoint.disabled_at is not None:
        raise WebhookEndpointDisabled


def _endpoint_out(endpoint: WebhookEndpoint, events: Sequence[WebhookEvent]) -> WebhookEndpointOut:
    made = _told_of(endpoint.disabled_at, endpoint.previous_secret_until)
    return WebhookEndpointOut.of_row(endpoint, events=list(events), **made)


def _told_of(disabled_at: datetime | None, previous_secret_until: datetime | None) -> Told:
    """What no column says, of a mapped endpoint and of a row alike."""
    is_over = previous_secret_until is None or previous_secret_until <= utc_now()
    return {
        "is_enabled": disabled_at is None,
        "previous_secret_until": None if is_over else previous_secret_until,
    }
