"""deliver_webhook and replay_webhooks: operators' software is told, however long it takes."""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_config.settings import WebhookDeliverySettings
from acme_core.clock import utc_now
from acme_core.ids import new_id
from acme_db.engine import SessionFactory
from acme_db.models import (
    AuditAction,
    WebhookAttempt,
    WebhookDelivery,
    WebhookDeliveryState,
    WebhookEndpoint,
)
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import SEND_EMAIL, EmailJob, WebhookJob, WebhookReplayJob
from acme_jobs.outbox import enqueue
from acme_mail.templates import MailTemplate
from acme_main.jobs import webhook_queries as queries
from acme_main.jobs.webhook_queries import Outgoing
from acme_webhooks.messages import body_of
from acme_webhooks.recording import send_soon
from acme_webhooks.schedule import delay_after
from acme_webhooks.secrets import SecretBox
from acme_webhooks.sending import Message, Outcome, WebhookSender

log = structlog.get_logger()

REPLAY_BATCH = 200


class WebhookJobs:
    def __init__(
        self,
        sessions: SessionFactory,
        sender: WebhookSender,
        secrets: SecretBox,
        settings: WebhookDeliverySettings,
    ) -> None:
        self._sessions = sessions
        self._sender = sender
        self._secrets = secrets
        self._disable_after = timedelta(days=settings.disable_after_days)

    async def deliver_webhook(self, job: WebhookJob) -> None:
        """One try. A worker that dies after the request asks again: receivers know the id."""
        async with self._sessions() as session:
            outgoing = await queries.find_outgoing(session, job.delivery_id)
        if outgoing is None:
            return
        if not outgoing.is_on:
            await self._hold(job.delivery_id)
            return
        message = self._message(outgoing)
        outcome = await self._sender.send(message)
        async with unit_of_work(self._sessions) as session:
            await self._settle(session, outgoing, message.request_id, outcome)

    async def give_up(self, job: WebhookJob) -> None:
        """Our own fault, not the endpoint's."""
        await self._hold(job.delivery_id)

    async def replay_webhooks(self, job: WebhookReplayJob) -> None:
        """In batches: a long outage leaves thousands."""
        while True:
            async with unit_of_work(self._sessions) as session:
                reopened = await queries.reopen_failed(
                    session, job.endpoint_id, job.since, job.asked_at, REPLAY_BATCH
                )
                for delivery_id in reopened:
                    await send_soon(session, delivery_id)
            if len(reopened) < REPLAY_BATCH:
                return

    async def _hold(self, delivery_id: UUID) -> None:
        async with unit_of_work(self._sessions) as session:
            delivery = await queries.lock_pending(session, delivery_id)
            if delivery is not None:
                delivery.state, delivery.next_try_at = WebhookDeliveryState.FAILED, None

    def _message(self, outgoing: Outgoing) -> Message:
        delivery, endpoint = outgoing.delivery, outgoing.endpoint
        return Message(
            request_id=new_id(),
            url=endpoint.url,
            message_id=delivery.message_id,
            body=body_of(delivery.event, delivery.created_at, delivery.data),
            secrets=[self._secrets.opened(encrypted) for encrypted in _valid_secrets(endpoint)],
        )

    async def _settle(
        self, session: AsyncSession, outgoing: Outgoing, request_id: UUID, outcome: Outcome
    ) -> None:
        delivery = await queries.lock_pending(session, outgoing.delivery.id)
        if delivery is None:
            return
        session.add(_attempt(delivery.id, request_id, outcome))
        delivery.tries += 1
        delivery.last_try_at = utc_now()
        if outcome.error is None:
            delivery.state, delivery.next_try_at = WebhookDeliveryState.DELIVERED, None
            delivery.delivered_at = delivery.last_try_at
            await queries.note_success(session, delivery.endpoint_id)
        else:
            log.info("webhook_failed", delivery_id=str(delivery.id), error=outcome.error)
            await self._put_off(session, delivery, outcome)
            await self._judge(session, delivery.endpoint_id, outcome)

    async def _put_off(self, session: AsyncSession, delivery: WebhookDelivery, outcome: Outcome) -> None:
        delay = None if outcome.is_gone else delay_after(delivery.tries, outcome.retry_after_s)
        if delay is None:
            delivery.state, delivery.next_try_at = WebhookDeliveryState.FAILED, None
        else:
            delivery.next_try_at = utc_now() + delay
            await send_soon(session, delivery.id, delivery.next_try_at)

    async def _judge(self, session: AsyncSession, endpoint_id: UUID, outcome: Outcome) -> None:
        """Whoever turns the endpoint off tells its operator, once."""
        await queries.note_failure(session, endpoint_id)
        operator_id = await queries.disable(
            session, endpoint_id, self._disable_after, is_gone=outcome.is_gone
        )
        if operator_id is None:
            return
        record(session, AuditAction.WEBHOOK_ENDPOINT_DISABLED, None, endpoint_id, is_gone=outcome.is_gone)
        mail = EmailJob(
            template=MailTemplate.WEBHOOK_DISABLED,
            role="operator",
            recipient_id=operator_id,
            subject_id=endpoint_id,
        )
        await enqueue(session, SEND_EMAIL, mail)


def _valid_secrets(endpoint: WebhookEndpoint) -> list[str]:
    previous, until = endpoint.previous_encrypted_secret, endpoint.previous_secret_until
    is_valid = previous is not None and until is not None and until > utc_now()
    return [endpoint.encrypted_secret, *([previous] if previous is not None and is_valid else [])]


def _attempt(delivery_id: UUID, request_id: UUID, outcome: Outcome) -> WebhookAttempt:
    return WebhookAttempt(
        id=request_id,
        delivery_id=delivery_id,
        started_at=utc_now() - timedelta(milliseconds=outcome.duration_ms),
        duration_ms=outcome.duration_ms,
        status_code=outcome.status_code,
        error=outcome.error,
        response_excerpt=outcome.excerpt,
    )
