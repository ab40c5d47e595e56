from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acme_db.models.purchase import PurchaseStatus as Status
from acme_payments.gateway import Intent, IntentStatus
from acme_payments.transitions import PurchaseState, Transition, next_state

ID = UUID(int=1)
PENDING = PurchaseState(ID, 1500, "EUR", Status.PENDING)
FAILED = replace(PENDING, status=Status.FAILED)
PAID = replace(PENDING, status=Status.PAID)
OPEN = Intent(
    "pi_1",
    "secret",
    IntentStatus.REQUIRES_PAYMENT_METHOD,
    1500,
    0,
    "EUR",
    {"purchase_id": str(ID)},
    datetime(2026, 11, 1, tzinfo=UTC),
)
DECLINED = replace(OPEN, has_failed_attempt=True)
PROCESSING = replace(OPEN, status=IntentStatus.PROCESSING)
CANCELED = replace(OPEN, status=IntentStatus.CANCELED)
SUCCEEDED = replace(OPEN, status=IntentStatus.SUCCEEDED, amount_received=1500)


@pytest.mark.parametrize(
    ("purchase", "intent", "expected"),
    [
        (PENDING, OPEN, Status.PENDING),
        (PENDING, PROCESSING, Status.PENDING),
        (PENDING, DECLINED, Status.FAILED),
        (PENDING, CANCELED, Status.FAILED),
        (PENDING, SUCCEEDED, Status.PAID),
        (FAILED, SUCCEEDED, Status.PAID),
        (FAILED, PROCESSING, Status.PENDING),
        (PAID, SUCCEEDED, Status.PAID),
        (PAID, DECLINED, Status.PAID),
        (PAID, CANCELED, Status.PAID),
    ],
)
def test_the_status_follows_the_intent_and_never_leaves_paid(
    purchase: PurchaseState, intent: Intent, expected: Status
) -> None:
    assert next_state(purchase, intent).status is expected


@pytest.mark.parametrize(
    ("change", "anomaly"),
    [
        ({"amount": 1}, "amount_mismatch"),
        ({"amount_received": 1499}, "amount_received_mismatch"),
        ({"currency": "USD"}, "currency_mismatch"),
        ({"metadata": {}}, "metadata_mismatch"),
        ({"metadata": {"purchase_id": str(UUID(int=2))}}, "metadata_mismatch"),
    ],
)
def test_what_does_not_agree_pays_nothing(change: dict[str, object], anomaly: str) -> None:
    after = next_state(PENDING, replace(SUCCEEDED, **change))  # type: ignore[arg-type] # fields by name
    assert (after.status, after.anomaly) == (Status.PENDING, anomaly)
    assert not after.is_newly_paid(PENDING)


def test_a_partial_refund_leaves_access_and_a_full_one_ends_it() -> None:
    partial = next_state(PAID, replace(SUCCEEDED, amount_refunded=500))
    assert (partial.refunded_amount, partial.is_refunded) == (500, False)
    full = next_state(PAID, replace(SUCCEEDED, amount_refunded=1500))
    assert (full.status, full.is_refunded) == (Status.PAID, True)


def test_a_lost_dispute_ends_access() -> None:
    assert next_state(PAID, replace(SUCCEEDED, is_dispute_lost=True)).is_disputed
    assert not next_state(PAID, SUCCEEDED).is_disputed


def applied(state: PurchaseState, after: Transition) -> PurchaseState:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return replace(
        state,
        status=after.status,
        refunded_amount=after.refunded_amount,
        refunded_at=state.refunded_at or (now if after.is_refunded else None),
        disputed_at=state.disputed_at or (now if after.is_disputed else None),
    )


HISTORY = [
    OPEN,
    DECLINED,
    PROCESSING,
    SUCCEEDED,
    replace(SUCCEEDED, amount_refunded=700),
    replace(SUCCEEDED, amount_refunded=1500),
    replace(SUCCEEDED, amount_refunded=1500, is_dispute_lost=True),
]


@given(st.integers(0, len(HISTORY) - 1), st.data())
def test_late_and_repeated_looks_end_where_the_provider_is(reached: int, data: st.DataObject) -> None:
    """A look is never at the future; looks may be written in any order; the last one is the truth."""
    looks = data.draw(st.lists(st.integers(0, reached), max_size=8))
    state = PENDING
    for look in [*looks, reached]:
        state = applied(state, next_state(state, HISTORY[look]))
    alone = applied(PENDING, next_state(PENDING, HISTORY[reached]))
    assert state == alone
