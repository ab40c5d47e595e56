from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response, status

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_backoffice.dependencies import WebhookSecrets, WebhookTargets
from acme_backoffice.webhooks import queries, service
from acme_backoffice.webhooks.errors import (
    TooManyWebhookEndpoints,
    WebhookDeliveryNotFound,
    WebhookEndpointDisabled,
    WebhookEndpointNotFound,
)
from acme_backoffice.webhooks.queries import DeliveryFilter
from acme_backoffice.webhooks.schemas import (
    WebhookDeliveryDetails,
    WebhookDeliveryOut,
    WebhookEndpointCreate,
    WebhookEndpointCreated,
    WebhookEndpointOut,
    WebhookEndpointUpdate,
    WebhookReplay,
    WebhookSecretOut,
)
from acme_core.pages import Page
from acme_db.models import WebhookDeliveryState, WebhookEndpoint, WebhookEvent
from acme_db.versions import StaleVersion
from acme_web.dependencies import CurrentOperator, DbSession, OperatorOfToken, Paging, Reads, WrongRole
from acme_web.problems import ValidationFailed, problems
from acme_web.written import written
from acme_webhooks.targets import WebhookUrlRefused

router = APIRouter(
    prefix="/webhook-endpoints",
    tags=["webhooks"],
    responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed),
)


async def _owned_endpoint(endpoint_id: UUID, caller: CurrentOperator, session: DbSession) -> WebhookEndpoint:
    return await queries.find_endpoint(session, caller.account_id, endpoint_id)


async def _filter(
    state: Annotated[WebhookDeliveryState | None, Query()] = None,
    event: Annotated[WebhookEvent | None, Query()] = None,
) -> DeliveryFilter:
    return DeliveryFilter(state, event)


OwnedEndpoint = Annotated[WebhookEndpoint, Depends(_owned_endpoint)]
"""Of the calling operator; 404 for anybody else's."""


@router.get("", response_model=Page[WebhookEndpointOut])
async def list_webhook_endpoints(caller: OperatorOfToken, reader: Reads, page: Paging) -> Response:
    return written(await service.list_endpoints(reader, caller, page))


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=problems(WebhookUrlRefused, TooManyWebhookEndpoints, ValidationFailed),
)
async def create_webhook_endpoint(
    body: WebhookEndpointCreate,
    caller: CurrentOperator,
    session: DbSession,
    secrets: WebhookSecrets,
    targets: WebhookTargets,
) -> WebhookEndpointCreated:
    return await service.create_endpoint(session, secrets, targets, caller, body)


@router.get("/{endpoint_id}", responses=problems(WebhookEndpointNotFound))
async def get_webhook_endpoint(endpoint: OwnedEndpoint, session: DbSession) -> WebhookEndpointOut:
    return await service.show_endpoint(session, endpoint)


@router.patch(
    "/{endpoint_id}",
    responses=problems(WebhookEndpointNotFound, StaleVersion, WebhookUrlRefused, ValidationFailed),
)
async def update_webhook_endpoint(
    body: WebhookEndpointUpdate,
    endpoint: OwnedEndpoint,
    caller: CurrentOperator,
    session: DbSession,
    targets: WebhookTargets,
) -> WebhookEndpointOut:
    return await service.update_endpoint(session, targets, caller, endpoint, body)


@router.delete(
    "/{endpoint_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(WebhookEndpointNotFound),
)
async def delete_webhook_endpoint(
    endpoint: OwnedEndpoint, caller: CurrentOperator, session: DbSession
) -> None:
    await service.delete_endpoint(session, caller, endpoint)


@router.post("/{endpoint_id}/secret", responses=problems(WebhookEndpointNotFound))
async def rotate_webhook_secret(
    endpoint: OwnedEndpoint, caller: CurrentOperator, session: DbSession, secrets: WebhookSecrets
) -> WebhookSecretOut:
    return await service.rotate_secret(session, secrets, caller, endpoint)


@router.post(
    "/{endpoint_id}/test",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(WebhookEndpointNotFound, WebhookEndpointDisabled),
)
async def send_test_webhook(
    endpoint: OwnedEndpoint, caller: CurrentOperator, session: DbSession
) -> WebhookDeliveryOut:
    return await service.send_test(session, caller, endpoint)


@router.post(
    "/{endpoint_id}/replay",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(WebhookEndpointNotFound, WebhookEndpointDisabled),
)
async def replay_failed_webhooks(
    body: WebhookReplay, endpoint: OwnedEndpoint, caller: CurrentOperator, session: DbSession
) -> None:
    await service.replay_failed(session, caller, endpoint, body.since)


@router.get(
    "/{endpoint_id}/deliveries",
    response_model=Page[WebhookDeliveryOut],
    responses=problems(WebhookEndpointNotFound),
)
async def list_webhook_deliveries(
    endpoint_id: UUID,
    caller: OperatorOfToken,
    reader: Reads,
    wanted: Annotated[DeliveryFilter, Depends(_filter)],
    page: Paging,
) -> Response:
    return written(await service.list_deliveries(reader, caller, endpoint_id, wanted, page))


@router.get(
    "/{endpoint_id}/deliveries/{delivery_id}",
    responses=problems(WebhookEndpointNotFound, WebhookDeliveryNotFound),
)
async def get_webhook_delivery(
    delivery_id: UUID, endpoint: OwnedEndpoint, session: DbSession
) -> WebhookDeliveryDetails:
    return await service.show_delivery(session, endpoint.id, delivery_id)


@router.post(
    "/{endpoint_id}/deliveries/{delivery_id}/replay",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(WebhookEndpointNotFound, WebhookDeliveryNotFound, WebhookEndpointDisabled),
)
async def replay_webhook_delivery(
    delivery_id: UUID, endpoint: OwnedEndpoint, caller: CurrentOperator, session: DbSession
) -> WebhookDeliveryOut:
    return await service.replay_delivery(session, caller, endpoint, delivery_id)
