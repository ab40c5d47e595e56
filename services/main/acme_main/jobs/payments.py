"""process_stripe_event and reconcile_payments: what a purchase is, the provider is asked."""

from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_core.clock import utc_now
from acme_db.engine import SessionFactory
from acme_db.models import AuditAction, Purchase
from acme_db.unit_of_work import unit_of_work
from acme_events import channels
from acme_events.catalogue import PurchaseChanged
from acme_events.publisher import announce
from acme_jobs.catalogue import SEND_EMAIL, EmailJob, StripeEventJob
from acme_jobs.outbox import enqueue
from acme_mail.templates import MailTemplate
from acme_main.jobs import payment_queries as queries
from acme_payments.counting import count_changes, count_lag
from acme_payments.gateway import PaymentGateway
from acme_payments.transitions import PurchaseState, Transition, next_state
from acme_telemetry.metrics import WebhookStage
from acme_webhooks import recording as webhooks

log = structlog.get_logger()

RECONCILE_AFTER = timedelta(minutes=30)
BATCH = 100


class PaymentJobs:
    def __init__(self, sessions: SessionFactory, gateway: PaymentGateway) -> None:
        self._sessions = sessions
        self._gateway = gateway

    async def process_event(self, job: StripeEventJob) -> None:
        async with self._sessions() as session:
            event = await queries.get_event(session, job.event_id)
        if event is None or event.processed_at is not None or event.intent_id is None:
            return
        await self.sync_purchase(event.intent_id)
        async with unit_of_work(self._sessions) as session:
            await queries.mark_processed(session, job.event_id)
            count_lag(session, WebhookStage.PROCESSED, event.received_at)

    async def reconcile(self) -> None:
        """For webhooks that never came."""
        async with self._sessions() as session:
            intents = await queries.pending_intents(session, RECONCILE_AFTER, BATCH)
        for intent_id in intents:
            await self.sync_purchase(intent_id)

    async def sync_purchase(self, intent_id: str) -> None:
        """Ask the provider first, then lock the row: no transaction waits for the network.

        Two syncs at once may read in one order and write in the other; transitions never lead back, so
        the result is the same.
        """
        intent = await self._gateway.retrieve_intent(intent_id)
        async with unit_of_work(self._sessions) as session:
            purchase = await queries.lock_purchase(session, intent_id)
            if purchase is None:
                log.info("intent_without_purchase", intent_id=intent_id)
                return
            before = _state(purchase)
            after = next_state(before, intent)
            if after.anomaly is not None:
                log.error("payment_anomaly", purchase_id=str(purchase.id), anomaly=after.anomaly)
                return
            _apply(purchase, after)
            await self._tell(session, purchase, before)
            if after.is_newly_paid(before):
                await enqueue(session, SEND_EMAIL, _mail(MailTemplate.RECEIPT, purchase))
                await webhooks.purchase_paid(session, purchase)
            if after.refunded_amount > before.refunded_amount:
                await enqueue(session, SEND_EMAIL, _mail(MailTemplate.REFUND, purchase))
                await webhooks.purchase_refunded(session, purchase)

    async def _tell(self, session: AsyncSession, purchase: Purchase, before: PurchaseState) -> None:
        """Whoever watches, and the audit log, of what has changed."""
        now = _state(purchase)
        if now == before:
            return
        count_changes(session, before, now)
        record(
            session,
            AuditAction.PURCHASE_CHANGED,
            None,
            purchase.id,
            status=now.status,
            refunded_amount=now.refunded_amount,
            is_disputed=now.disputed_at is not None,
        )
        event = PurchaseChanged(
            project_id=purchase.project_id,
            purchase_id=purchase.id,
            status=now.status,
            is_refunded=now.refunded_at is not None,
            is_disputed=now.disputed_at is not None,
        )
        operator_id = await queries.operator_of(session, purchase.project_id)
        announce(session, event, channels.of_user(purchase.user_id), channels.of_operator(operator_id))


def _state(purchase: Purchase) -> PurchaseState:
    return PurchaseState(
        id=purchase.id,
        amount=purchase.amount,
        currency=purchase.currency,
        status=purchase.status,
        refunded_amount=purchase.refunded_amount,
        refunded_at=purchase.refunded_at,
        disputed_at=purchase.disputed_at,
    )


def _apply(purchase: Purchase, after: Transition) -> None:
    now = utc_now()
    if after.is_newly_paid(_state(purchase)):
        purchase.paid_at = now
    purchase.status = after.status
    purchase.refunded_amount = after.refunded_amount
    if after.is_refunded:
        purchase.refunded_at = purchase.refunded_at or now
    if after.is_disputed:
        purchase.disputed_at = purchase.disputed_at or now


def _mail(template: MailTemplate, purchase: Purchase) -> EmailJob:
    return EmailJob(template=template, role="user", recipient_id=purchase.user_id, subject_id=purchase.id)
