"""A provider of payments without a network, and the platform's part of a payment beside it."""

import asyncio
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import stripe

from acme_core.ids import new_id
from acme_db.engine import SessionFactory
from acme_db.models import Purchase
from acme_db.models.package import Deliverable
from acme_db.unit_of_work import unit_of_work
from acme_jobs.runner import JobRunner, RetryLaterError
from acme_payments.gateway import Intent, PaymentsUnavailable
from acme_payments.stripe_gateway import _intent
from acme_standalone.stripe_standin.payments import Declined, Payments
from acme_standalone.stripe_standin.store import Object, Store
from tests.conftest import WEBHOOK_SECRET
from tests.services.harness import Platform

AMOUNT = 1500
STALE_S = 3600


class Provider:
    """The stand-in's own books, of one payment, and the gateway's view of them: its HTTP is left out."""

    def __init__(self) -> None:
        self._store = Store(Path(":memory:"))
        self._payments = Payments(self._store)
        self.fails_next = 0
        """Calls that will not be answered."""

    def close(self) -> None:
        self._store._file.db.close()

    def create(self, purchase_id: UUID) -> str:
        form: dict[str, Any] = {
            "amount": str(AMOUNT),
            "currency": "eur",
            "metadata": {"purchase_id": str(purchase_id)},
        }
        with self._store.transaction():
            identifier: str = self._payments.create_intent(form)["id"]
        return identifier

    def confirm(self, intent_id: str, card: str) -> None:
        with self._store.transaction():
            try:
                self._payments.confirm_intent(intent_id, {"payment_method": card})
            except Declined:
                return  # what it tells of is kept

    def cancel(self, intent_id: str) -> None:
        with self._store.transaction():
            self._payments.cancel_intent(intent_id)

    def refund_part(self, intent_id: str, amount: int) -> None:
        with self._store.transaction():
            self._payments.create_refund({"payment_intent": intent_id, "amount": str(amount)})

    def close_dispute(self, intent_id: str, outcome: str) -> None:
        (dispute,) = self._payments.disputes(intent_id)
        with self._store.transaction():
            self._payments.close_dispute(dispute["id"], outcome)

    def events(self) -> list[Object]:
        """Oldest first."""
        return self._store.events(1000)[::-1]

    async def retrieve_intent(self, intent_id: str) -> Intent:
        if self.fails_next:
            self.fails_next -= 1
            raise PaymentsUnavailable("away")
        found = self._payments.expanded(self._payments.intent(intent_id), ["latest_charge"])
        is_lost = any(dispute["status"] == "lost" for dispute in self._payments.disputes(intent_id))
        told = stripe.PaymentIntent.construct_from(found, "sk_test_fuzz")
        return _intent(told, is_dispute_lost=is_lost)


@dataclass(frozen=True)
class Buyer:
    user_id: UUID
    project_id: UUID
    package_id: UUID


@dataclass
class Order:
    """One purchase, its payment at the provider, and what was heard of it."""

    provider: Provider
    purchase_id: UUID
    intent_id: str
    heard: set[str] = field(default_factory=set)


@dataclass
class Desk:
    """The webhook's route and the job behind it, on the real database."""

    platform: Platform
    buyer: Buyer
    runner: JobRunner
    orders: dict[str, Order] = field(default_factory=dict)
    """By intent: whom the gateway asks."""
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def sessions(self) -> SessionFactory:
        return self.platform.data.sessions

    async def open_order(self) -> Order:
        provider, purchase_id = Provider(), new_id()
        intent_id = provider.create(purchase_id)
        async with unit_of_work(self.sessions) as session:
            session.add(
                Purchase(
                    id=purchase_id,
                    user_id=self.buyer.user_id,
                    project_id=self.buyer.project_id,
                    package_id=self.buyer.package_id,
                    stripe_payment_intent_id=intent_id,
                    amount=AMOUNT,
                    currency="EUR",
                    photo_count=0,
                    deliverable=Deliverable.WATERMARKED,
                )
            )
        order = self.orders[intent_id] = Order(provider, purchase_id, intent_id)
        self.counts["orders"] += 1
        return order

    async def post(
        self, event: Object, *, secret: str = WEBHOOK_SECRET, age_s: int = 0, more: str = ""
    ) -> int:
        """`more` is put behind what was signed."""
        payload, at = json.dumps(event), int(time.time()) - age_s
        signature = stripe.WebhookSignature._compute_signature(f"{at}.{payload}", secret)
        headers = {"Stripe-Signature": f"t={at},v1={signature}", "Content-Type": "application/json"}
        answer: httpx.Response = await self.platform.main.http.post(
            "/v1/webhooks/stripe", content=payload + more, headers=headers
        )
        return answer.status_code

    async def work(self, most: int, dice: random.Random, *, at_once: bool = False) -> int:
        """Up to so many of the waiting jobs, in no order; one of them twice where `at_once`."""
        waiting = await self.waiting()
        chosen = dice.sample(waiting, min(most, len(waiting)))
        if at_once:
            chosen += chosen[:1]
            await asyncio.gather(*(self._run(job_id) for job_id in chosen))
        else:
            for job_id in chosen:
                await self._run(job_id)
        return len(chosen)

    async def waiting(self) -> list[UUID]:
        rows = await self.platform.sql(
            "SELECT id FROM outbox_jobs WHERE state = 'queued' AND name = 'process_stripe_event' "
            "AND created_at >= :since",
            since=self.platform.jobs.since,
        )
        return [row.id for row in rows]

    async def purchase(self, order: Order) -> Any:
        (row,) = await self.platform.sql("SELECT * FROM purchases WHERE id = :id", id=order.purchase_id)
        return row

    async def mails(self, order: Order) -> Counter[str]:
        rows = await self.platform.sql(
            "SELECT payload ->> 'template' AS template FROM outbox_jobs "
            "WHERE name = 'send_email' AND payload ->> 'subject_id' = :id",
            id=str(order.purchase_id),
        )
        return Counter(row.template for row in rows)

    async def _run(self, job_id: UUID) -> None:
        try:
            await self.runner.run(job_id)
        except RetryLaterError:
            self.counts["jobs tried again"] += 1


def hint(order_intent: str, kind: str, **claims: object) -> Object:
    """A signed event of an id of its own, whatever it claims."""
    subject = {"id": order_intent, "object": "payment_intent", **claims}
    return {"id": f"evt_{uuid4().hex}", "object": "event", "type": kind, "data": {"object": subject}}
