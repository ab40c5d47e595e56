from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AnyHttpUrl, Field, StringConstraints

from acme_core.schemas import RequestBody, ResponseBody, ShortText, UtcDatetime, VersionedUpdate
from acme_db.models import WebhookDeliveryState, WebhookDisabledReason, WebhookEvent

MAX_URL = 2000


def _endpoint_url(text: str) -> str:
    """As it will be called. A name and password would lie in every log on the way."""
    url = AnyHttpUrl(text)
    if url.username or url.password:
        raise ValueError("must not carry a user name or password")
    if url.fragment:
        raise ValueError("must not have a fragment")
    if len(str(url)) > MAX_URL:
        raise ValueError(f"must not be longer than {MAX_URL} characters")
    return str(url)


EndpointUrl = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_URL), AfterValidator(_endpoint_url)
]
Events = Annotated[frozenset[WebhookEvent], Field(min_length=1)]


class WebhookEndpointCreate(RequestBody):
    url: EndpointUrl
    events: Events
    description: ShortText | None = None


class WebhookEndpointUpdate(VersionedUpdate):
    url: EndpointUrl = ""
    events: Events = frozenset()
    description: ShortText | None = None
    is_enabled: bool = True


class WebhookReplay(RequestBody):
    since: UtcDatetime
    """Deliveries recorded since then that have failed are sent again."""


class WebhookEndpointOut(ResponseBody):
    id: UUID
    url: str
    description: str | None
    events: list[WebhookEvent]
    is_enabled: bool
    disabled_at: UtcDatetime | None
    disabled_reason: WebhookDisabledReason | None
    failing_since: UtcDatetime | None
    """The first failure after which nothing was delivered."""
    previous_secret_until: UtcDatetime | None
    """Until then both secrets sign."""
    version: int
    created_at: UtcDatetime
    updated_at: UtcDatetime


class WebhookEndpointCreated(WebhookEndpointOut):
    secret: str
    """Shown this once."""


class WebhookSecretOut(ResponseBody):
    secret: str
    """Shown this once."""
    previous_secret_until: UtcDatetime
    """The one before signs as well until then."""


class WebhookDeliveryOut(ResponseBody):
    id: UUID
    message_id: str
    """`webhook-id`."""
    event: str
    state: WebhookDeliveryState
    tries: int
    """Since it was recorded, or sent again by hand."""
    next_try_at: UtcDatetime | None
    last_try_at: UtcDatetime | None
    delivered_at: UtcDatetime | None
    created_at: UtcDatetime


class WebhookAttemptOut(ResponseBody):
    id: UUID
    """Was sent as `x-request-id`."""
    started_at: UtcDatetime
    duration_ms: int
    status_code: int | None
    error: str | None
    response_excerpt: str | None


class WebhookDeliveryDetails(WebhookDeliveryOut):
    body: dict[str, Any]
    """What is sent."""
    attempts: list[WebhookAttemptOut]
    """The newest first."""
