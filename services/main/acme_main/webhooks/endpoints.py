from typing import Annotated

from fastapi import APIRouter, Header, Request

from acme_main.dependencies import Stripe
from acme_main.webhooks import service
from acme_main.webhooks.errors import InvalidSignature
from acme_main.webhooks.schemas import WebhookReceived
from acme_web.dependencies import DbSession
from acme_web.problems import problems

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


@router.post("/stripe", responses=problems(InvalidSignature))
async def receive_stripe_event(
    request: Request,
    session: DbSession,
    stripe: Stripe,
    stripe_signature: Annotated[str | None, Header()] = None,
) -> WebhookReceived:
    await service.receive(session, stripe, await request.body(), stripe_signature)
    return WebhookReceived()
