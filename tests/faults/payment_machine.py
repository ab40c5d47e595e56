"""What may happen to one payment, in any order, and what the purchase must be in the end."""

import asyncio
import random
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.faults.payments import AMOUNT, STALE_S, Desk, Order, hint

CARDS = ("pm_card_visa", "pm_card_chargeDeclined", "pm_card_authenticationRequired", "pm_card_createDispute")
CLAIMS: tuple[tuple[str, dict[str, object]], ...] = (
    ("payment_intent.succeeded", {"status": "succeeded", "amount_received": AMOUNT}),
    ("payment_intent.canceled", {"status": "canceled"}),
    ("payment_intent.payment_failed", {"status": "requires_payment_method"}),
    ("payment_intent.succeeded", {"status": "succeeded", "amount_received": 1}),
    ("charge.refunded", {"amount_refunded": AMOUNT}),
    ("a.kind.that.nobody.knows", {}),
)
TRIES = 6


@dataclass
class Truth:
    """The payment as its provider's documentation has it; written without a look at our transitions."""

    is_paid: bool = False
    is_canceled: bool = False
    last_was_declined: bool = False
    refunds: int = 0
    refunded: int = 0
    dispute: str | None = None

    @property
    def is_open(self) -> bool:
        return not self.is_paid and not self.is_canceled

    @property
    def status(self) -> str:
        if self.is_paid:
            return "paid"
        return "failed" if self.is_canceled or self.last_was_declined else "pending"


class PaymentOrders(RuleBasedStateMachine):
    """Events may come late, twice, out of order or not at all until the end, lie, or be forged."""

    desk: ClassVar[Desk]
    runner: ClassVar[asyncio.Runner]

    def __init__(self) -> None:
        super().__init__()
        self.truth = Truth()
        self.order: Order = self.wait(self.desk.open_order())
        self.before: Any = self.wait(self.desk.purchase(self.order))

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    @precondition(lambda self: self.truth.is_open)
    @rule(card=st.sampled_from(CARDS))
    def pay(self, card: str) -> None:
        self.order.provider.confirm(self.order.intent_id, card)
        self.truth.is_paid = card in {"pm_card_visa", "pm_card_createDispute"}
        self.truth.last_was_declined = card == "pm_card_chargeDeclined"
        if card == "pm_card_createDispute":
            self.truth.dispute = "open"

    @precondition(lambda self: self.truth.is_open)
    @rule()
    def cancel(self) -> None:
        self.order.provider.cancel(self.order.intent_id)
        self.truth.is_canceled = True

    @precondition(lambda self: self.truth.is_paid and self.truth.refunded < AMOUNT)
    @rule(part=st.sampled_from([1, 500, AMOUNT]))
    def refund(self, part: int) -> None:
        amount = min(part, AMOUNT - self.truth.refunded)
        self.order.provider.refund_part(self.order.intent_id, amount)
        self.truth.refunds += 1
        self.truth.refunded += amount

    @precondition(lambda self: self.truth.dispute == "open")
    @rule(outcome=st.sampled_from(["won", "lost"]))
    def decide_dispute(self, outcome: str) -> None:
        self.order.provider.close_dispute(self.order.intent_id, outcome)
        self.truth.dispute = outcome

    @rule(which=st.integers(0, 30), at_once=st.integers(1, 3))
    def hear(self, which: int, at_once: int) -> None:
        """Any event that there is, heard before or not, once or several times at once."""
        events = self.order.provider.events()
        event = events[which % len(events)]
        self.wait(self._hear(event, at_once))
        if event["id"] in self.order.heard or at_once > 1:
            self.desk.counts["duplicates"] += 1
        if which % len(events) < len(events) - 1:
            self.desk.counts["late or out of order"] += 1
        self.order.heard.add(event["id"])

    async def _hear(self, event: dict[str, Any], times: int) -> None:
        self.desk.counts["webhooks"] += times
        answers = await asyncio.gather(*(self.desk.post(event) for _ in range(times)))
        assert set(answers) == {200}

    @rule(how=st.sampled_from(["another secret", "an old time", "changed", "empty secret"]))
    def forge(self, how: str) -> None:
        """The best lie there is: it is paid, all of it."""
        kind, claims = CLAIMS[0]
        lie, post = hint(self.order.intent_id, kind, **claims), self.desk.post
        match how:
            case "another secret":
                status = self.wait(post(lie, secret="whsec_of_somebody_else"))
            case "an old time":
                status = self.wait(post(lie, age_s=STALE_S))
            case "changed":
                status = self.wait(post(lie, more=" "))
            case _:
                status = self.wait(post(lie, secret=""))
        self.desk.counts["forged"] += 1
        assert status == 400
        assert self.wait(self._is_recorded(lie["id"])) is False

    async def _is_recorded(self, event_id: str) -> bool:
        return bool(await self.desk.platform.sql("SELECT 1 FROM stripe_events WHERE id = :id", id=event_id))

    @rule(claim=st.sampled_from(CLAIMS))
    def contradict(self, claim: tuple[str, dict[str, object]]) -> None:
        """Signed all right, and not true, or not yet, or not any more."""
        kind, claims = claim
        self.wait(self._hear(hint(self.order.intent_id, kind, **claims), 1))
        self.desk.counts["contradicting"] += 1

    @rule(times=st.integers(1, 2))
    def provider_is_away(self, times: int) -> None:
        self.order.provider.fails_next += times

    @rule(most=st.integers(1, 4), seed=st.integers(0, 1000), at_once=st.booleans())
    def work(self, most: int, seed: int, *, at_once: bool) -> None:
        self.wait(self.desk.work(most, random.Random(seed), at_once=at_once))  # noqa: S311 - an order, no secret
        self._require_progress()

    def _require_progress(self) -> None:
        """Nothing good is taken back, and nothing is believed that the provider does not say."""
        now = self.wait(self.desk.purchase(self.order))
        before, self.before = self.before, now
        assert now.status != "paid" or self.truth.is_paid
        assert before.status != "paid" or (now.status, now.paid_at) == ("paid", before.paid_at)
        assert before.refunded_amount <= now.refunded_amount <= self.truth.refunded
        assert before.disputed_at in {None, now.disputed_at}

    def teardown(self) -> None:
        """The provider tells everything at least once, and all jobs run; then nothing may be wrong."""
        self.order.provider.fails_next = 0
        try:
            self.wait(self._settle())
            self.wait(self._judge())
        except AssertionError:
            self.desk.counts["wrong"] += 1
            raise
        finally:
            self.desk.orders.clear()
            self.order.provider.close()

    async def _settle(self) -> None:
        for event in self.order.provider.events():
            if event["id"] not in self.order.heard:
                await self._hear(event, 1)
        for _ in range(TRIES):
            if not await self.desk.work(1000, random.Random(0)):  # noqa: S311 - as above
                return
        raise AssertionError("jobs do not come to an end")

    async def _judge(self) -> None:
        row, truth = await self.desk.purchase(self.order), self.truth
        assert row.status == truth.status
        assert (row.paid_at is not None) == truth.is_paid
        assert row.refunded_amount == truth.refunded
        assert (row.refunded_at is not None) == (truth.refunded == AMOUNT)
        assert (row.disputed_at is not None) == (truth.dispute == "lost")
        mails = await self.desk.mails(self.order)
        assert mails["receipt"] == int(truth.is_paid)
        assert min(1, truth.refunds) <= mails["refund"] <= truth.refunds
